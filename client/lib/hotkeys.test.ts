import { describe, expect, it } from 'vitest';
import { fa } from '../i18n/fa.ts';
import { commands } from './commands.ts';
import { ariaKeys, capsOf, comboOf, Hotkeys, isSingleKey, notMine, type Press } from './hotkeys.ts';

const plain = {
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  isComposing: false,
};
const press = (key: string, code: string, more: Partial<Press> = {}): Press => ({
  ...plain,
  key,
  code,
  ...more,
});
const reading = { writing: false, typeahead: false };
const writing = { writing: true, typeahead: false };

describe('the combo of a press', () => {
  it.each([
    ['j on a Latin layout', press('j', 'KeyJ'), 'j'],
    ['j with Caps Lock', press('J', 'KeyJ'), 'j'],
    ['J on a Persian layout, which prints «ت»', press('ت', 'KeyJ'), 'j'],
    ['Shift+X on a Persian layout', press('ط', 'KeyX', { shiftKey: true }), 'Shift+x'],
    ['X on Dvorak, by its letter', press('x', 'KeyB'), 'x'],
    ['a Persian digit', press('۳', 'Digit3'), '3'],
    ['? on a Latin layout', press('?', 'Slash', { shiftKey: true }), '?'],
    ['? on a Persian layout', press('؟', 'Slash', { shiftKey: true }), '?'],
    ['[ on a Persian layout, which prints «ج»', press('ج', 'BracketLeft'), '['],
    ['Ctrl+Enter', press('Enter', 'Enter', { ctrlKey: true }), 'Mod+Enter'],
    ['Ctrl+Shift+Enter', press('Enter', 'Enter', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+Enter'],
    ['Alt+N where the Persian layout prints «د»', press('د', 'KeyN', { altKey: true }), 'Alt+n'],
    ['Option+N, a dead key on a Mac', press('Dead', 'KeyN', { altKey: true }), 'Alt+n'],
    ['a modifier alone', press('Shift', 'ShiftLeft', { shiftKey: true }), undefined],
  ])('%s', (_, event, expected) => {
    expect(comboOf(event)).toBe(expected);
  });

  it('takes ⌘ for Mod on a Mac', () => {
    expect(comboOf(press('Enter', 'Enter', { metaKey: true }), true)).toBe('Mod+Enter');
    expect(comboOf(press('Enter', 'Enter', { ctrlKey: true }), true)).toBe('Ctrl+Enter');
  });
});

const table = {
  next: { keys: ['j', 'ArrowDown'] },
  goInbox: { keys: ['g i'] },
  mine: { keys: ['i'] },
  resolve: { keys: ['e'], destructive: true },
  send: { keys: ['Mod+Enter'], destructive: true, whileWriting: true },
  leave: { keys: ['Escape'], whileWriting: true },
  close: { keys: ['Escape'] },
};
type Id = keyof typeof table;

function keyboard(options: { singleKeys?: boolean; remapped?: Partial<Record<Id, string[]>> } = {}) {
  let time = 0;
  const done: Id[] = [];
  const hotkeys = new Hotkeys<Id>({ commands: table, now: () => time, ...options });
  const bind = (id: Id, scope?: string) => hotkeys.bind(id, () => done.push(id), scope);
  return {
    hotkeys,
    done,
    bind,
    wait: (ms: number) => {
      time += ms;
    },
  };
}

describe('a keyboard', () => {
  it('runs what is bound and leaves the rest to the browser', () => {
    const { hotkeys, done, bind } = keyboard();
    bind('next');
    expect(hotkeys.press(press('ت', 'KeyJ'), reading)).toBe(true);
    expect(hotkeys.press(press('e', 'KeyE'), reading)).toBe(false);
    expect(done).toEqual(['next']);
  });

  it('writes letters into a field, but sends and leaves from there', () => {
    const { hotkeys, done, bind } = keyboard();
    for (const id of ['next', 'send', 'leave'] as const) bind(id);
    expect(hotkeys.press(press('j', 'KeyJ'), writing)).toBe(false);
    expect(hotkeys.press(press('ArrowDown', 'ArrowDown'), writing)).toBe(false);
    hotkeys.press(press('Enter', 'Enter', { ctrlKey: true }), writing);
    hotkeys.press(press('Escape', 'Escape'), writing);
    expect(done).toEqual(['send', 'leave']);
  });

  it('lets a menu type ahead', () => {
    const { hotkeys, bind } = keyboard();
    bind('next');
    expect(hotkeys.press(press('j', 'KeyJ'), { writing: false, typeahead: true })).toBe(false);
  });

  it('leaves Enter and Space to a button or a link that has the focus, and the other keys to the page', () => {
    const { hotkeys, done, bind } = keyboard({ remapped: { mine: ['Enter'], resolve: ['Space'] } });
    for (const id of ['mine', 'resolve', 'send', 'next'] as const) bind(id);
    const onLink = { writing: false, typeahead: false, presses: true };
    expect(hotkeys.press(press('Enter', 'Enter'), onLink)).toBe(false);
    expect(hotkeys.press(press(' ', 'Space'), onLink)).toBe(false);
    hotkeys.press(press('j', 'KeyJ'), onLink);
    hotkeys.press(press('Enter', 'Enter', { ctrlKey: true }), onLink);
    hotkeys.press(press('Enter', 'Enter'), reading);
    expect(done).toEqual(['next', 'send', 'mine']);
  });

  it('ignores a word that an input method is still composing', () => {
    const { hotkeys, bind } = keyboard();
    bind('next');
    expect(hotkeys.press(press('j', 'KeyJ', { isComposing: true }), reading)).toBe(false);
  });

  it('does what cannot be taken back once for a key held down, and swallows the rest', () => {
    const { hotkeys, done, bind } = keyboard();
    bind('resolve');
    bind('next');
    hotkeys.press(press('e', 'KeyE'), reading);
    expect(hotkeys.press(press('e', 'KeyE', { repeat: true }), reading)).toBe(true);
    hotkeys.press(press('j', 'KeyJ', { repeat: true }), reading);
    expect(done).toEqual(['resolve', 'next']);
  });

  it('follows a sequence, and forgets it after a pause', () => {
    const { hotkeys, done, bind, wait } = keyboard();
    bind('goInbox');
    bind('mine');
    hotkeys.press(press('g', 'KeyG'), reading);
    wait(500);
    hotkeys.press(press('ه', 'KeyI'), reading);
    expect(done).toEqual(['goInbox']);
    hotkeys.press(press('g', 'KeyG'), reading);
    wait(5000);
    hotkeys.press(press('i', 'KeyI'), reading);
    expect(done).toEqual(['goInbox', 'mine']);
  });

  it('hears only the newest layer', () => {
    const { hotkeys, done, bind } = keyboard();
    bind('next');
    const leave = hotkeys.enter('dialog');
    bind('close', 'dialog');
    expect(hotkeys.press(press('j', 'KeyJ'), reading)).toBe(false);
    hotkeys.press(press('Escape', 'Escape'), reading);
    leave();
    hotkeys.press(press('j', 'KeyJ'), reading);
    expect(done).toEqual(['close', 'next']);
  });

  it('gives a command to the newest that wants it, and back', () => {
    const { hotkeys, done } = keyboard();
    const said: string[] = [];
    hotkeys.bind('next', () => said.push('first'));
    const release = hotkeys.bind('next', () => said.push('second'));
    hotkeys.press(press('j', 'KeyJ'), reading);
    release();
    hotkeys.press(press('j', 'KeyJ'), reading);
    expect([said, done]).toEqual([['second', 'first'], []]);
  });

  it('passes a key on from a command that has nothing to do with it here', () => {
    const said: string[] = [];
    const hotkeys = new Hotkeys({ commands: { inner: { keys: ['1'] }, outer: { keys: ['1'] } } });
    let mine = true;
    hotkeys.bind('inner', () => (mine ? said.push('inner') : notMine));
    hotkeys.bind('outer', () => said.push('outer'));
    expect(hotkeys.press(press('1', 'Digit1'), reading)).toBe(true);
    mine = false;
    expect(hotkeys.press(press('1', 'Digit1'), reading)).toBe(true);
    expect(said).toEqual(['inner', 'outer']);
  });

  it('can do without single keys', () => {
    const { hotkeys, done, bind } = keyboard({ singleKeys: false });
    bind('next');
    bind('goInbox');
    expect(hotkeys.press(press('j', 'KeyJ'), reading)).toBe(false);
    expect(hotkeys.press(press('g', 'KeyG'), reading)).toBe(false);
    hotkeys.press(press('ArrowDown', 'ArrowDown'), reading);
    expect(done).toEqual(['next']);
    expect(hotkeys.keysOf('next')).toEqual(['ArrowDown']);
  });

  it('obeys the keys that a person chose', () => {
    const { hotkeys, done, bind } = keyboard({ remapped: { next: ['n'] } });
    bind('next');
    expect(hotkeys.press(press('j', 'KeyJ'), reading)).toBe(false);
    hotkeys.press(press('n', 'KeyN'), reading);
    expect(done).toEqual(['next']);
    expect(hotkeys.ownerOf('n')).toBe('next');
  });
});

describe('the command table', () => {
  it('has no key that begins a sequence of another', () => {
    const all = Object.values(commands).flatMap((command) => [...command.keys]);
    expect(all.filter((keys) => all.some((other) => other.startsWith(`${keys} `)))).toEqual([]);
  });

  it('is the list of the cheat sheet', () => {
    expect(Object.keys(commands).sort()).toEqual(Object.keys(fa.commands).sort());
  });

  it('lets nothing of one letter work while writing', () => {
    for (const command of Object.values(commands))
      if (command.whileWriting) expect(command.keys.some(isSingleKey)).toBe(false);
  });
});

it('draws and names keys', () => {
  expect(capsOf('g i')).toEqual([['G'], ['I']]);
  expect(capsOf('Mod+Shift+Enter')).toEqual([['Ctrl', 'Shift', 'Enter']]);
  expect(capsOf('Mod+Enter', true)).toEqual([['⌘', 'Enter']]);
  expect(ariaKeys('Mod+Enter')).toBe('Control+Enter');
  expect(ariaKeys('g i')).toBeUndefined();
});
