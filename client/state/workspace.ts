import type { Notice } from '../../shared/events.ts';
import type { MessageCreate } from '../../shared/message.ts';
import type { Me } from '../../shared/user.ts';
import type { Calls } from '../api/calls.ts';
import type { Connection } from '../api/socket.ts';
import { fetched } from '../lib/later.ts';
import { Attention } from './attention.ts';
import { type Keep, openDatabase } from './database.ts';
import { Drafts } from './drafts.ts';
import { followContinued } from './follow.ts';
import { Notifier } from './notifier.ts';
import { Outbox } from './outbox.ts';
import { queries } from './queries.ts';
import type { Session } from './session.ts';
import { Store } from './store.ts';
import { Sync } from './sync.ts';
import { Uploads } from './uploads.ts';
import { Watched } from './watched.ts';

/** Whether the page hears from the server, and since when it does not. */
export class Link extends Watched {
  #state: { connected: boolean; since: number } = { connected: true, since: 0 };

  readonly get = (): { connected: boolean; since: number } => this.#state;

  set(connected: boolean): void {
    if (connected === this.#state.connected) return;
    this.#state = { connected, since: Date.now() };
    this.changed();
  }
}

const modeOf = ({ kind }: MessageCreate) => (kind === 'note' ? 'note' : 'reply');

/** All that lives as long as one person is signed in. */
export class Workspace {
  readonly calls: Calls;
  readonly connection: Connection;
  readonly store: Store;
  readonly sync: Sync;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  readonly uploads = new Uploads();
  readonly link = new Link();
  readonly attention: Attention;
  readonly notifier: Notifier;
  readonly #offs: (() => void)[] = [];
  /** How a notice is put into words; set by the page, which knows the language. */
  titleOf: ((notice: Notice) => string) | null = null;
  /** Where the person is taken when their conversation goes on elsewhere; set by the page. */
  goTo: (conversationId: string) => void = () => undefined;
  /** Another page of the program; set by the page. */
  goToPage: (path: string) => void = () => undefined;

  private constructor(session: Session, me: Me, database: Keep, connection: Connection) {
    const { calls } = session;
    this.calls = calls;
    this.connection = connection;
    this.store = new Store({ id: me.id, teamIds: me.teamIds });
    this.sync = new Sync({ calls, connection: this.connection, store: this.store });
    this.drafts = new Drafts({ calls, database });
    this.outbox = new Outbox({
      calls,
      database,
      before: ({ conversationId, create }) => this.drafts.hold(conversationId, modeOf(create)),
      after: ({ conversationId, create }) => this.drafts.release(conversationId, modeOf(create)),
      accepted: (message) => this.sync.catchUp(message.conversationId),
      moved: (item, conversationId) => {
        if (this.sync.openConversationId === item.conversationId) this.goTo(conversationId);
      },
    });
    this.attention = new Attention(me.id);
    const person = () => {
      const state = session.get();
      return state.stage === 'signedIn' ? state.me : null;
    };
    this.notifier = new Notifier({
      connection: this.connection,
      attention: this.attention,
      me: person,
      goTo: (id) => this.goTo(id),
      goToPage: (path) => this.goToPage(path),
      titleOf: () => this.titleOf,
    });
    // Teams and permissions are of the person: who they are now is asked for before the lists are read again.
    this.connection.on('reset', () => {
      void calls.session().then(
        (now) => session.updated(now),
        () => undefined,
      );
    });
    this.connection.on('draft.changed', ({ draft, conversationId, mode }) =>
      this.drafts.receive(draft, conversationId, mode),
    );
    // Not the hot store's: whoever shows these asks again.
    this.connection.on('lists.changed', ({ list }) => void queries.invalidateQueries({ queryKey: [list] }));
    this.connection.on('post.changed', ({ postId }) => {
      void queries.invalidateQueries({ queryKey: ['post', postId] });
      void queries.invalidateQueries({ queryKey: ['thread', postId] });
    });
    this.connection.on('session.ended', () => session.ended());
    this.connection.onState((connected) => {
      this.link.set(connected);
      if (!connected) return;
      this.outbox.hurry();
      void this.drafts.fetch();
    });
    this.#offs.push(
      followContinued({
        store: this.store,
        sync: this.sync,
        drafts: this.drafts,
        goTo: (id) => this.goTo(id),
      }),
      session.subscribe(() => {
        const state = session.get();
        if (state.stage !== 'signedIn') return;
        this.#follow(state.me);
        if (!state.ended) this.connection.hurry();
      }),
    );
  }

  static async open(session: Session, me: Me): Promise<{ workspace: Workspace; kept: boolean }> {
    const [{ database, kept }, { socketConnection }] = await Promise.all([
      openDatabase(me.id),
      fetched(() => import('../api/socket.ts')),
    ]);
    const workspace = new Workspace(session, me, database, socketConnection());
    await workspace.#start();
    return { workspace, kept };
  }

  async #start(): Promise<void> {
    const wake = () => {
      if (document.visibilityState !== 'visible') return;
      this.connection.hurry();
      if (this.connection.connected) void this.sync.refresh();
    };
    const online = () => {
      this.connection.hurry();
      this.outbox.hurry();
    };
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('online', online);
    this.#offs.push(
      () => document.removeEventListener('visibilitychange', wake),
      () => window.removeEventListener('online', online),
    );
    this.connection.start();
    this.sync.start();
    await this.outbox.restore();
    void this.drafts.restore();
  }

  /** The open conversation, wherever it shows: nothing is said about it, and what was said is taken back. */
  looksAt(conversationId: string | null): void {
    this.attention.show(conversationId);
    this.notifier.seen(conversationId);
  }

  /** Whoever joined or left a team sees other rows under "mine". */
  #follow({ id, teamIds }: Me): void {
    if (this.store.get().viewer.teamIds.join() !== teamIds.join())
      this.store.apply({ type: 'viewer', viewer: { id, teamIds } });
  }

  close(): void {
    this.attention.close();
    this.notifier.close();
    for (const off of this.#offs) off();
    this.sync.stop();
    this.outbox.stop();
    this.uploads.stop();
    this.connection.stop();
  }
}
