import { OwnWork } from './own-work.ts';
import type { WireAnswer, WireCommand, WireProxy } from './wire-proxy.ts';

/** What a command must ask by to be about something, rather than to look for whatever is due. */
const names = ['_id', 'conversationId', 'customerId'];

/**
 * Is this part of a deed? Sweeps, view counts and listeners ask for states and times and name nothing; a deed names the documents it
 * is about, inserts, or is in a transaction.
 */
function ofADeed(command: WireCommand, own: OwnWork): boolean {
  if (own.is(command)) return false;
  const { name, inTransaction, body } = command;
  if (inTransaction) return true;
  if (name === 'insert') return true;
  const filters = [body?.filter, body?.query, ...(body?.updates ?? []), ...(body?.deletes ?? [])].map(
    (each) => each?.q ?? each,
  );
  return filters.some((filter) => filter && names.some((field) => field in filter));
}

const manyConflicts = 4;

export const nameOf = ({ name, collection }: WireCommand) => (collection ? `${name} ${collection}` : name);

/** Where a deed is to be held. */
export interface Hold {
  /** After its n-th command. */
  n: number;
  /** Of this name alone; absent: of all. */
  name?: string;
  /** Counting from the first command that this is true of; absent: from the first. */
  from?: ((command: WireCommand) => boolean) | undefined;
}

/** What goes on between the servers and the engine: told when nothing does, and holds one deed at one place. */
export class Traffic {
  private readonly wires: readonly WireProxy[];
  private readonly going = new Set<WireCommand>();
  private last = 0;
  private armed: (Hold & { seen: number; begun: boolean; reached: (name: string) => void }) | null = null;
  private held: Promise<void> | null = null;
  private log: string[] | null = null;
  private conflicts = 0;
  private contended: () => void = () => undefined;

  constructor(wires: readonly WireProxy[]) {
    this.wires = wires;
    const own = new OwnWork();
    for (const wire of wires)
      wire.setHook((command, side, answer) =>
        ofADeed(command, own) ? this.pass(command, side, answer).then(() => 'go') : 'go',
      );
  }

  private async pass(command: WireCommand, side: 'before' | 'after', answer?: WireAnswer): Promise<void> {
    this.last = performance.now();
    if (side === 'before') {
      this.going.add(command);
      return;
    }
    this.going.delete(command);
    if (this.held && answer?.conflict) {
      this.conflicts += 1;
      if (this.conflicts >= manyConflicts) this.contended();
    }
    const armed = this.armed;
    if (armed && !armed.begun) armed.begun = armed.from?.(command) ?? true;
    if (!armed?.begun) return;
    this.log?.push(nameOf(command));
    if (armed.name && armed.name !== nameOf(command)) return;
    armed.seen += 1;
    if (armed.seen !== armed.n) return;
    this.armed = null;
    armed.reached(nameOf(command));
    await this.held;
  }

  /**
   * Holds the deed that begins now.
   * @returns the command it is held after, once it is; when the other has met what this one has locked so many times that it will not
   *   get past it; and what lets it go on
   */
  hold(hold: Hold): { reached: Promise<string>; contended: Promise<void>; release(): void } {
    let release: () => void = () => undefined;
    this.conflicts = 0;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const contended = new Promise<void>((resolve) => {
      this.contended = resolve;
    });
    const reached = new Promise<string>((resolve) => {
      this.armed = {
        ...hold,
        seen: 0,
        begun: false,
        reached: (name) => {
          this.held = held;
          resolve(name);
        },
      };
    });
    return {
      reached,
      contended,
      release: () => {
        this.armed = null;
        this.held = null;
        release();
      },
    };
  }

  /** The names of the commands of what `deed` does, in order. */
  async record(deed: () => Promise<unknown>, from?: Hold['from']): Promise<string[]> {
    const { release } = this.hold({ n: Number.POSITIVE_INFINITY, from });
    const log: string[] = [];
    this.log = log;
    await deed();
    await this.quiet();
    this.log = null;
    release();
    return log;
  }

  /** Resolves once no deed has had a command under way for `ms`: the held one has none. */
  async quiet(ms = 60): Promise<void> {
    const since = performance.now();
    for (;;) {
      const still = performance.now() - Math.max(this.last, since);
      if (!this.going.size && still >= ms) return;
      await new Promise((resolve) => setTimeout(resolve, Math.max(5, ms - still)));
    }
  }

  close(): void {
    for (const wire of this.wires) wire.setHook(null);
  }
}
