/** One tab at a time, where the browser can tell; elsewhere two may do it at once, which the ids make harmless. */
export function exclusively(name: string, run: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return run();
  let began = false;
  return navigator.locks
    .request(`yekja:${name}`, () => {
      began = true;
      return run();
    })
    .catch((error: unknown) => {
      // A frame that may keep nothing may not lock either.
      if (began) throw error;
      return run();
    });
}
