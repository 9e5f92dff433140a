/** Replaces what stands from `from` to the cursor, as a hand would: the field's own undo takes it back. */
export function putInstead(area: HTMLTextAreaElement, from: number, text: string): void {
  const caret = area.selectionStart;
  area.focus();
  area.setSelectionRange(from, caret);
  // Old and without a successor: nothing else leaves the field's own undo in order.
  document.execCommand('insertText', false, text);
}
