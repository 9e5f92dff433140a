/**
 * The keyboard: which keys mean which command, on any layout. Latin keys are taken as typed; on a Persian layout J
 * types «ت», so other letters are taken by their place (`event.code`). Nothing here knows React or the document.
 */

export interface KeyCommand {
  keys: readonly string[];
  destructive?: boolean;
  whileWriting?: boolean;
}

/** The part of a KeyboardEvent that decides. */
export interface Press {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  repeat: boolean;
  isComposing: boolean;
}

/** Where the press happened: in a text field, in a menu that types ahead, or on what Enter and Space themselves press. */
export interface Place {
  writing: boolean;
  typeahead: boolean;
  presses?: boolean;
}

/** What the keys that print something other than letters and digits print on a US layout: plain, with Shift. */
const places: Record<string, [string, string]> = {
  Slash: ['/', '?'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Semicolon: [';', ':'],
  Quote: ["'", '"'],
  Backslash: ['\\', '|'],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  Backquote: ['`', '~'],
};

function keyOf(press: Press): string | undefined {
  const { key, code, shiftKey } = press;
  if (key === ' ' || code === 'Space') return 'Space';
  if (/^[\x21-\x7e]$/.test(key)) return key.toLowerCase();
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter && (key.length === 1 || key === 'Dead')) return letter.toLowerCase();
  const digit = /^Digit([0-9])$/.exec(code)?.[1];
  if (digit && key.length === 1) return digit;
  const sign = places[code];
  if (sign && (key.length === 1 || key === 'Dead')) return sign[shiftKey ? 1 : 0];
  if (
    key.length > 1 &&
    !['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process', 'Unidentified'].includes(key)
  )
    return key;
  return undefined;
}

/**
 * A press as the command table writes it, e.g. `Mod+Shift+Enter`; undefined for a modifier alone. A printed sign
 * (`?`) says its Shift already. Mod is Ctrl, or ⌘ on a Mac.
 */
export function comboOf(press: Press, mac = false): string | undefined {
  const key = keyOf(press);
  if (!key) return undefined;
  const sign = key.length === 1 && !/[a-z0-9]/.test(key);
  return [
    (mac ? press.metaKey : press.ctrlKey) && 'Mod',
    (mac ? press.ctrlKey : press.metaKey) && (mac ? 'Ctrl' : 'Meta'),
    press.altKey && 'Alt',
    press.shiftKey && !sign && 'Shift',
    key,
  ]
    .filter(Boolean)
    .join('+');
}

/** A combo that prints a character and has no modifier: what WCAG 2.1.4 wants switchable. */
export function isSingleKey(combo: string): boolean {
  const [first = ''] = combo.split(' ');
  return first.length === 1 || /^Shift\+[a-z0-9]$/.test(first);
}

export interface HotkeysOptions<Id extends string> {
  commands: Readonly<Record<Id, KeyCommand>>;
  /** Keys that a person chose instead of the table's. */
  remapped?: Partial<Record<Id, readonly string[]>>;
  /** False switches off commands of a single printed character. */
  singleKeys?: boolean;
  mac?: boolean;
  /** Milliseconds since anything, for the pause between two steps of a sequence. */
  now?: () => number;
}

/** Time between two steps of a sequence, in ms. */
const patience = 1200;

/** What a command is told that no key was pressed for. */
const noPress: Press = {
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  isComposing: false,
};

/** What a command answers that turns out to have nothing to do here: the key is then another's. */
export const notMine = Symbol('not mine');

interface Binding {
  scope: string;
  /** `notMine` passes the key on. */
  run: (press: Press) => unknown;
}

/**
 * What is bound, and where the keyboard is: the newest scope hears alone (a dialog silences the page under it), and
 * within it the newest binding of a command.
 */
export class Hotkeys<Id extends string> {
  #options: HotkeysOptions<Id>;
  readonly #bindings = new Map<Id, Binding[]>();
  readonly #scopes: { name: string }[] = [{ name: 'page' }];
  #begun: { steps: string; at: number } | undefined;

  constructor(options: HotkeysOptions<Id>) {
    this.#options = options;
  }

  configure(options: Partial<HotkeysOptions<Id>>): void {
    this.#options = { ...this.#options, ...options };
  }

  /** The keys of a command as they are now; empty when they are switched off. */
  keysOf(id: Id): readonly string[] {
    const { commands, remapped, singleKeys = true } = this.#options;
    const keys = remapped?.[id] ?? commands[id].keys;
    return singleKeys ? keys : keys.filter((combo) => !isSingleKey(combo));
  }

  /** Which command a combo belongs to already: for the editor of shortcuts. */
  ownerOf(combo: string): Id | undefined {
    return this.ids().find((id) => this.keysOf(id).includes(combo));
  }

  ids(): Id[] {
    return Object.keys(this.#options.commands) as Id[];
  }

  /** Commands that would be heard on the page now, whatever keys they have. */
  ready(): Id[] {
    return this.ids().filter((id) => this.#bindings.get(id)?.some(({ scope }) => scope === 'page'));
  }

  /** Does what the command's keys would do on the page: for the palette, after it has left. */
  perform(id: Id): void {
    this.#bindings
      .get(id)
      ?.findLast(({ scope }) => scope === 'page')
      ?.run(noPress);
  }

  bind(id: Id, run: (press: Press) => unknown, scope = 'page'): () => void {
    const binding = { scope, run };
    this.#bindings.set(id, [...(this.#bindings.get(id) ?? []), binding]);
    return () => {
      const rest = (this.#bindings.get(id) ?? []).filter((other) => other !== binding);
      this.#bindings.set(id, rest);
    };
  }

  /** A layer over the page that hears alone until it leaves. */
  enter(name: string): () => void {
    const scope = { name };
    this.#scopes.push(scope);
    return () => {
      const at = this.#scopes.indexOf(scope);
      if (at > 0) this.#scopes.splice(at, 1);
    };
  }

  get scope(): string {
    return this.#scopes.at(-1)?.name ?? 'page';
  }

  /** Runs what the press means; true when it was ours and the browser should leave it alone. */
  press(press: Press, place: Place): boolean {
    if (press.isComposing || press.key === 'Process') return false;
    const { mac = false, now = () => performance.now() } = this.#options;
    const combo = comboOf(press, mac);
    if (!combo) return false;
    const begun = this.#begun && now() - this.#begun.at <= patience ? this.#begun.steps : undefined;
    this.#begun = undefined;
    for (const steps of begun ? [`${begun} ${combo}`, combo] : [combo]) {
      for (const id of this.ids())
        if (this.keysOf(id).includes(steps) && this.#hears(id, steps, place) && this.#run(id, press))
          return true;
    }
    const begins = this.ids().some((id) =>
      this.keysOf(id).some((keys) => keys.startsWith(`${combo} `) && this.#hears(id, keys, place)),
    );
    if (begins && !press.repeat) this.#begun = { steps: combo, at: now() };
    return begins;
  }

  #top(id: Id): Binding | undefined {
    return this.#bindings.get(id)?.findLast((binding) => binding.scope === this.scope);
  }

  #hears(id: Id, keys: string, { writing, typeahead, presses = false }: Place): boolean {
    if (!this.#top(id)) return false;
    const [first = ''] = keys.split(' ');
    if (presses && (first === 'Enter' || first === 'Space')) return false;
    if (writing) return this.#options.commands[id].whileWriting === true && !isSingleKey(first);
    return !(typeahead && !/^(Mod|Alt|Meta|Ctrl)\+/.test(first));
  }

  #run(id: Id, press: Press): boolean {
    if (press.repeat && this.#options.commands[id].destructive) return true;
    return this.#top(id)?.run(press) !== notMine;
  }
}

const printed: Record<string, [string, string]> = {
  Mod: ['Ctrl', '⌘'],
  Alt: ['Alt', '⌥'],
  Shift: ['Shift', '⇧'],
  Meta: ['Meta', '⌘'],
  Escape: ['Esc', 'Esc'],
  ArrowUp: ['↑', '↑'],
  ArrowDown: ['↓', '↓'],
  ArrowLeft: ['←', '←'],
  ArrowRight: ['→', '→'],
};

/** The caps to draw for a combo, one list for each step: `g i` is [['G'], ['I']]. */
export function capsOf(keys: string, mac = false): string[][] {
  return keys
    .split(' ')
    .map((step) =>
      step
        .split(/\+(?!$)/)
        .map((cap) => printed[cap]?.[mac ? 1 : 0] ?? (cap.length === 1 ? cap.toUpperCase() : cap)),
    );
}

/** A combo as `aria-keyshortcuts` wants it; undefined for a sequence, which the attribute cannot say. */
export function ariaKeys(keys: string, mac = false): string | undefined {
  if (keys.includes(' ')) return undefined;
  return keys.replace(/\bMod\b/, mac ? 'Meta' : 'Control');
}

/** What kind of place an event came from. */
export function placeOf(target: EventTarget | null): Place {
  if (!(target instanceof Element)) return { writing: false, typeahead: false, presses: false };
  const field = target.closest('input, textarea, select, [contenteditable]:not([contenteditable="false"])');
  const pressed = ['checkbox', 'radio', 'button', 'submit', 'reset', 'file', 'range', 'color'];
  return {
    writing: field !== null && !pressed.includes(field.getAttribute('type') ?? ''),
    typeahead: target.closest('[role="menu"], [data-typeahead]') !== null,
    presses: target.closest('a[href], button, summary, [role="button"], [role="link"]') !== null,
  };
}
