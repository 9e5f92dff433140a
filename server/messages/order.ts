/**
 * When something was said, as text that compares: the provider's time, then the provider's order within it. What has no time comes
 * before what has one. Of two words about the same thing the greater wins, whichever came first.
 */
export function orderKey(at: Date | null, order: string): string {
  return `${at ? at.toISOString() : ''} ${order}`;
}
