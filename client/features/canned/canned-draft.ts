import type { CannedForm } from './canned-form.ts';

/** A text that was begun and not saved stays in its tab, whatever page is looked at meanwhile. */

const keyOf = (id: string | null) => `yekja.canned.${id ?? 'new'}`;

export function begunBefore(id: string | null): CannedForm | null {
  try {
    const read: unknown = JSON.parse(sessionStorage.getItem(keyOf(id)) ?? 'null');
    return isForm(read) ? read : null;
  } catch {
    return null;
  }
}

/** @param form null once it was saved, or is as it is stored again */
export function keepBegun(id: string | null, form: CannedForm | null): void {
  try {
    if (form) sessionStorage.setItem(keyOf(id), JSON.stringify(form));
    else sessionStorage.removeItem(keyOf(id));
  } catch {
    // A browser without storage: the text lives as long as the page.
  }
}

function isForm(read: unknown): read is CannedForm {
  return (
    typeof read === 'object' &&
    read !== null &&
    (['title', 'shortcut', 'folder', 'text', 'sharedWith'] as const).every(
      (key) => typeof Reflect.get(read, key) === 'string',
    )
  );
}
