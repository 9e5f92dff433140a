import { CommandError } from '../bson/values.ts';
import type { Pace } from '../query/query.ts';

/** How long a command may go on; shared with the iterator it started. */
export interface Control {
  deadline: number;
  stopped?: CommandError | undefined;
  /** Who waits for the answer: a read ends when nobody does any more. */
  peer?: { readonly closed: boolean } | undefined;
}

/** Throws once the command must stop. */
export function checkControl(control: Control): void {
  if (control.stopped) throw control.stopped;
  if (Date.now() > control.deadline) throw new CommandError(50, 'operation exceeded time limit');
}

/** Milliseconds that a read works before it lets others have their turn. */
const SLICE_MS = 4;

/** Where long reads stand in line: one goes on per round of the event loop, so that a short one waits for one slice at most. */
class Line {
  private readonly waiting: (() => void)[] = [];
  private moving = false;

  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.moving) return;
      this.moving = true;
      setImmediate(this.next);
    });
  }

  private readonly next = (): void => {
    const first = this.waiting.shift();
    this.moving = this.waiting.length > 0;
    if (this.moving) setImmediate(this.next);
    first?.();
  };
}

const line = new Line();

/** A pace for reads: due after a few milliseconds; also holds the command to its time limit. */
export class Slices implements Pace {
  private until = performance.now() + SLICE_MS;
  private readonly control: Control;

  constructor(control: Control) {
    this.control = control;
  }

  due(): boolean {
    if (performance.now() < this.until) return false;
    this.check();
    return true;
  }

  private check(): void {
    checkControl(this.control);
    if (this.control.peer?.closed)
      throw new CommandError(279, 'operation was interrupted: its client is gone');
  }

  async turn(): Promise<void> {
    await line.turn();
    this.check();
    this.until = performance.now() + SLICE_MS;
  }
}
