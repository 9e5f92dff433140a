import { CommandError } from '../bson/values.ts';
import type { Pace } from '../query/query.ts';

/** How long a command may go on; shared with the iterator it started. */
export interface Control {
  deadline: number;
  stopped?: CommandError | undefined;
}

/** Throws once the command must stop. */
export function checkControl(control: Control): void {
  if (control.stopped) throw control.stopped;
  if (Date.now() > control.deadline) throw new CommandError(50, 'operation exceeded time limit');
}

/** Milliseconds that a read works before it lets others have their turn. */
const SLICE_MS = 5;

/** A pace for reads: due after five milliseconds; also holds the command to its time limit. */
export class Slices implements Pace {
  private until = performance.now() + SLICE_MS;
  private readonly control: Control;

  constructor(control: Control) {
    this.control = control;
  }

  due(): boolean {
    if (performance.now() < this.until) return false;
    checkControl(this.control);
    return true;
  }

  async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    checkControl(this.control);
    this.until = performance.now() + SLICE_MS;
  }
}
