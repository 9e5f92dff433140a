import type { CommandGroup, CommandId } from '../i18n/fa.ts';

/** What the keyboard can do. Its sentence in the cheat sheet is `t.commands[id]`. */
export interface Command {
  /**
   * Keys as `Mod+Shift+Enter`; `Mod` is Ctrl, or ⌘ on a Mac. A space separates the steps of a sequence (`g i`);
   * more than one entry: any of them.
   */
  keys: readonly string[];
  group: CommandGroup;
  /** Changes or sends something: a key held down does it once. */
  destructive?: boolean;
  /** Works while writing in a field; single letters never do. */
  whileWriting?: boolean;
  /** Heard only while a message holds the keyboard, and there before any other command of the same key. */
  ofMessage?: boolean;
}

export const commands: Record<CommandId, Command> = {
  // First, so that they come before others of their keys where they are heard at all.
  'message.positive': { keys: ['1'], group: 'message', destructive: true, ofMessage: true },
  'message.neutral': { keys: ['2'], group: 'message', destructive: true, ofMessage: true },
  'message.negative': { keys: ['3'], group: 'message', destructive: true, ofMessage: true },
  'message.next': { keys: ['Shift+j'], group: 'message' },
  'message.previous': { keys: ['Shift+k'], group: 'message' },
  'message.keep': { keys: ['b'], group: 'message' },
  'message.thread': { keys: ['w'], group: 'message' },
  'list.next': { keys: ['j', 'ArrowDown'], group: 'list' },
  'list.previous': { keys: ['k', 'ArrowUp'], group: 'list' },
  'list.open': { keys: ['Enter', 'o'], group: 'list' },
  'list.search': { keys: ['/'], group: 'list' },
  'list.filter': { keys: ['Shift+f'], group: 'list' },
  'list.select': { keys: ['x'], group: 'list' },
  'list.selectTo': { keys: ['Shift+x'], group: 'list' },
  'list.selectNext': { keys: ['Shift+ArrowDown'], group: 'list' },
  'list.selectPrevious': { keys: ['Shift+ArrowUp'], group: 'list' },
  'list.selectAll': { keys: ['Shift+a'], group: 'list' },
  'conversation.reply': { keys: ['r'], group: 'conversation' },
  'conversation.note': { keys: ['n'], group: 'conversation' },
  'conversation.resolve': { keys: ['e'], group: 'conversation', destructive: true },
  'conversation.snooze': { keys: ['h'], group: 'conversation' },
  'conversation.assign': { keys: ['a'], group: 'conversation' },
  'conversation.team': { keys: ['t'], group: 'conversation' },
  'conversation.tags': { keys: ['l'], group: 'conversation' },
  'conversation.priority': { keys: ['p'], group: 'conversation' },
  'conversation.assignToMe': { keys: ['i'], group: 'conversation', destructive: true },
  'conversation.unread': { keys: ['u'], group: 'conversation', destructive: true },
  'conversation.strikeMention': { keys: ['d'], group: 'conversation', destructive: true },
  'conversation.spam': { keys: ['!'], group: 'conversation', destructive: true },
  'conversation.more': { keys: ['.'], group: 'conversation' },
  'conversation.replyAll': { keys: ['Shift+r'], group: 'conversation' },
  'conversation.forward': { keys: ['f'], group: 'conversation' },
  'conversation.whole': { keys: ['v'], group: 'conversation' },
  'conversation.latest': { keys: ['End'], group: 'conversation' },
  'composer.send': { keys: ['Mod+Enter'], group: 'composer', destructive: true, whileWriting: true },
  'composer.sendAndResolve': {
    keys: ['Mod+Shift+Enter'],
    group: 'composer',
    destructive: true,
    whileWriting: true,
  },
  'composer.toReply': { keys: ['Alt+r'], group: 'composer', whileWriting: true },
  'composer.toNote': { keys: ['Alt+n'], group: 'composer', whileWriting: true },
  'composer.toPrivate': { keys: ['Alt+p'], group: 'composer', whileWriting: true },
  'composer.toPublic': { keys: ['Alt+Shift+p'], group: 'composer', whileWriting: true },
  'composer.template': { keys: ['Alt+t'], group: 'composer', whileWriting: true },
  'composer.leave': { keys: ['Escape'], group: 'composer', whileWriting: true },
  'composer.next': { keys: ['Alt+ArrowDown'], group: 'composer', whileWriting: true },
  'composer.previous': { keys: ['Alt+ArrowUp'], group: 'composer', whileWriting: true },
  'customers.create': { keys: ['c'], group: 'customers' },
  'customers.merge': { keys: ['m'], group: 'customers' },
  'customers.notSame': { keys: ['n'], group: 'customers', destructive: true },
  'customers.skip': { keys: ['s'], group: 'customers', destructive: true },
  'customers.ignore': { keys: ['i'], group: 'customers', destructive: true },
  'board.toLeft': { keys: ['Shift+ArrowLeft'], group: 'advocates' },
  'board.toRight': { keys: ['Shift+ArrowRight'], group: 'advocates' },
  'board.up': { keys: ['Alt+ArrowUp'], group: 'advocates' },
  'board.down': { keys: ['Alt+ArrowDown'], group: 'advocates' },
  'board.reward': { keys: ['r'], group: 'advocates' },
  'board.view': { keys: ['v'], group: 'advocates' },
  'approvals.approve': { keys: ['a'], group: 'advocates', destructive: true },
  'approvals.refuse': { keys: ['n'], group: 'advocates', destructive: true },
  'listening.convert': { keys: ['c'], group: 'listening', destructive: true },
  'listening.notUs': { keys: ['n'], group: 'listening', destructive: true },
  'listening.done': { keys: ['d'], group: 'listening', destructive: true },
  'listening.outside': { keys: ['Shift+o'], group: 'listening' },
  'listening.fresh': { keys: ['.'], group: 'listening' },
  'listening.create': { keys: ['Shift+n'], group: 'listening' },
  'panes.views': { keys: ['['], group: 'navigation' },
  'panes.customer': { keys: [']'], group: 'navigation' },
  'panes.customerPage': { keys: ['Shift+c'], group: 'navigation' },
  'panes.cycle': { keys: ['F6'], group: 'navigation', whileWriting: true },
  'go.inbox': { keys: ['g i'], group: 'navigation' },
  'go.customers': { keys: ['g c'], group: 'navigation' },
  'go.advocates': { keys: ['g a'], group: 'navigation' },
  'go.search': { keys: ['g f'], group: 'navigation' },
  'go.listening': { keys: ['g l'], group: 'navigation' },
  'go.channels': { keys: ['g s'], group: 'navigation' },
  'go.health': { keys: ['g h'], group: 'navigation' },
  'go.profile': { keys: ['g p'], group: 'navigation' },
  'view.1': { keys: ['1'], group: 'navigation' },
  'view.2': { keys: ['2'], group: 'navigation' },
  'view.3': { keys: ['3'], group: 'navigation' },
  'view.4': { keys: ['4'], group: 'navigation' },
  'view.5': { keys: ['5'], group: 'navigation' },
  'view.6': { keys: ['6'], group: 'navigation' },
  'view.7': { keys: ['7'], group: 'navigation' },
  'view.8': { keys: ['8'], group: 'navigation' },
  'view.9': { keys: ['9'], group: 'navigation' },
  'general.palette': { keys: ['Mod+k'], group: 'general', whileWriting: true },
  'general.logCall': { keys: ['Alt+c'], group: 'general', whileWriting: true },
  'general.undo': { keys: ['z'], group: 'general', destructive: true },
  'general.cheatSheet': { keys: ['?'], group: 'general' },
};
