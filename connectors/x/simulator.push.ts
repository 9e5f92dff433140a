import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Faults, Timers } from '../simulator.ts';
import { includesOf, newPost, oldPost, oldUser, pushedDirect, user } from './simulator.shapes.ts';
import type { SimulatedDirect, SimulatedPost, Someone, World } from './simulator.world.ts';

/** Which of X's two ways of telling: the Account Activity API or the X Activity API that follows it. */
export type Family = 'accountActivity' | 'activity';

type Body = Record<string, unknown>;

/** How often a call that nobody answered with 2xx is made in all. */
const mostTries = 40;
const longestPause = 5000;

/**
 * X's webhooks: asked whether they hold the app's secret before anything is sent there, and invalid when they do not; each call signed
 * over its bytes, and made again until it is taken.
 */
export class Webhooks {
  family: Family = 'accountActivity';
  private hook: { url: string; valid: boolean } | null = null;
  private held: string | null = null;
  private asking: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: {
      world: World;
      appSecret: string;
      faults: Faults;
      timers: Timers;
      retryStep: number;
    },
  ) {}

  /** Resolves when X has asked for the secret. */
  async set(url: string | null): Promise<boolean> {
    this.hook = url ? { url, valid: false } : null;
    const { hook } = this;
    if (!hook) return false;
    const asked = challenge(hook.url, this.options.appSecret).then((valid) => {
      hook.valid = valid;
    });
    this.asking = asked;
    await asked;
    return hook.valid;
  }

  info(): { url: string; valid: boolean } | null {
    return this.hook && { ...this.hook };
  }

  direct(direct: SimulatedDirect): void {
    const { world } = this.options;
    const { sender, recipient } = direct;
    // Talks of several are in neither family.
    if (!recipient) return;
    const people = [sender, recipient];
    this.tell(sender.id === world.account.id ? 'dm.sent' : 'dm.received', {
      direct_message_events: [pushedDirect(direct, world)],
      users: this.mapOf(people),
    });
  }

  post(post: SimulatedPost): void {
    const { world } = this.options;
    const own = post.author.id === world.account.id;
    if (this.family === 'accountActivity') this.tell('', { tweet_create_events: [oldPost(post, world)] });
    else
      this.tell(own ? 'post.create' : 'post.mention.create', newPost(post, world), includesOf([post], world));
  }

  deletion(post: SimulatedPost, at: Date): void {
    const { author } = post;
    const status = { id: post.id, user_id: author.id };
    if (this.family === 'activity') this.tell('post.delete', { id: post.id, author_id: author.id });
    else this.tell('', { tweet_delete_events: [{ status, timestamp_ms: String(at.getTime()) }] });
  }

  read(reader: Someone, last: SimulatedDirect, at: Date): void {
    const event = {
      created_timestamp: String(at.getTime()),
      sender_id: reader.id,
      target: { recipient_id: this.options.world.account.id },
      last_read_event_id: last.id,
    };
    this.tell('dm.read', { direct_message_mark_read_events: [event], users: this.mapOf([reader]) });
  }

  typing(writer: Someone, at: Date): void {
    const event = {
      created_timestamp: String(at.getTime()),
      sender_id: writer.id,
      target: { recipient_id: this.options.world.account.id },
    };
    this.tell('dm.indicate_typing', {
      direct_message_indicate_typing_events: [event],
      users: this.mapOf([writer]),
    });
  }

  /** By id; the newer family has v2 users, each within `data`. */
  private mapOf(people: readonly Someone[]): Body {
    const shape = (one: Someone) => (this.family === 'activity' ? { data: user(one) } : oldUser(one));
    return Object.fromEntries(people.map((one) => [one.id, shape(one)]));
  }

  private tell(name: string, payload: Body, includes?: Body): void {
    const account = this.options.world.account.id;
    const body =
      this.family === 'accountActivity'
        ? { for_user_id: account, ...payload }
        : {
            data: {
              event_uuid: String(BigInt(`0x${randomBytes(7).toString('hex')}`)),
              filter: { user_id: account },
              event_type: name,
              payload,
              ...(includes ? { includes } : {}),
            },
          };
    // X escapes what is beyond ASCII: whoever signs a parsed and rewritten body signs another one.
    const bytes = JSON.stringify(body).replace(
      /[\u0080-\uffff]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    void this.asking.then(() => this.deliver(bytes));
  }

  private deliver(bytes: string): void {
    const { faults } = this.options;
    if (!this.hook?.valid || faults.take('push', ['drop'])) return;
    if (this.held === null && faults.take('push', ['reorder'])) {
      this.held = bytes;
      return;
    }
    const twice = faults.take('push', ['duplicate']) !== null;
    void this.call(bytes, faults.take('push', ['wrongSignature']) !== null);
    if (twice) void this.call(bytes, false);
    if (this.held === null) return;
    void this.call(this.held, false);
    this.held = null;
  }

  private async call(bytes: string, wrong: boolean): Promise<void> {
    for (let tries = 0; tries < mostTries && this.hook; tries += 1) {
      const secret = wrong && tries === 0 ? 'another secret' : this.options.appSecret;
      if (await postOnce(this.hook.url, bytes, secret)) return;
      await new Promise<void>((resolve) =>
        this.options.timers.after(Math.min(longestPause, this.options.retryStep * 2 ** tries), resolve),
      );
    }
  }
}

async function postOnce(url: string, bytes: string, secret: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-twitter-webhooks-signature': `sha256=${createHmac('sha256', secret).update(bytes).digest('base64')}`,
      },
      body: bytes,
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** GET with a random token: the answer must be its HMAC, with status 200 and no redirection. */
async function challenge(url: string, secret: string): Promise<boolean> {
  const token = randomBytes(16).toString('base64');
  const asked = new URL(url);
  asked.searchParams.set('crc_token', token);
  try {
    const response = await fetch(asked, { redirect: 'manual', signal: AbortSignal.timeout(3000) });
    const { response_token: given } = (await response.json()) as { response_token?: unknown };
    const wanted = Buffer.from(`sha256=${createHmac('sha256', secret).update(token).digest('base64')}`);
    const said = Buffer.from(typeof given === 'string' ? given : '');
    return response.status === 200 && said.length === wanted.length && timingSafeEqual(said, wanted);
  } catch {
    return false;
  }
}
