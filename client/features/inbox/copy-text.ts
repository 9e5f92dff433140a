/** Text to the clipboard; a browser that forbids it is no error of ours. */
export function copyText(text: string): void {
  void navigator.clipboard?.writeText(text).catch(() => undefined);
}
