/** Runs once a dialog that is closing has given the keyboard back to where it was. */
export function afterClosing(run: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(run));
}
