import { useEffect, useEffectEvent, useMemo } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { LetterCreate, Message, Target } from '../../../shared/message.ts';
import { givenSubject } from '../../../shared/text/subject.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useTimeline } from '../../state/hooks.tsx';
import { addressLimit, emptyLetter, othersOf } from './letter.ts';
import { messageAtFocus } from './message-focus.ts';
import { useInboxUi } from './ui.ts';

const none: readonly Message[] = [];

export interface LetterState {
  /** What is written beside the text so far; null where the channel knows no letters. */
  letter: LetterCreate | null;
  /** Why it cannot leave yet. */
  lacks: 'recipient' | null;
  /** The subject that the server gives when none is written. */
  given: string;
  forwarded: Message | undefined;
  /** Of the newest letter, whom the customer wrote to besides. */
  others: string[];
}

/** The letter around a reply: what it answers, who else is there, and the keys that change that. */
export function useLetter(options: {
  header: Conversation;
  able: boolean;
  target: Target | undefined;
  draft: LetterCreate | null | undefined;
  text: string;
  write: (letter: LetterCreate) => void;
  toReply: () => void;
}): LetterState {
  const { header, able, target, draft, text, write, toReply } = options;
  const set = useInboxUi((ui) => ui.set);
  const messages = useTimeline(header.customerId)?.messages ?? none;
  const letters = useMemo(
    () => (able ? messages.filter((each) => each.conversationId === header.id && each.letter) : []),
    [able, messages, header.id],
  );
  const inThread = letters.filter((each) => !target?.threadKey || each.threadKey === target.threadKey);
  const newest = inThread.at(-1) ?? letters.at(-1);
  const answered = inThread.findLast(({ direction }) => direction === 'in');
  const others = useMemo(
    () =>
      answered?.letter
        ? othersOf(answered.letter, {
            messages,
            channelId: answered.channelId,
            customer: answered.identityId?.replace(/^[^:]+:/, '') ?? '',
          })
        : [],
    [answered, messages],
  );
  const letter = able ? (draft ?? emptyLetter) : null;
  const forward = letter?.forward;
  const open = () => set({ letterOpen: header.id });

  useHotkey(
    'conversation.replyAll',
    () => {
      toReply();
      if (!letter || others.length === 0) return;
      const { forward: _, ...rest } = letter;
      write({ ...rest, cc: [...new Set([...letter.cc, ...others])].slice(0, addressLimit) });
      open();
    },
    { enabled: able },
  );
  const pass = (messageId: string) => {
    if (!letter) return;
    set({ mode: 'reply', forward: null });
    write({ ...letter, forward: { messageId, to: letter.forward?.to ?? [] } });
    open();
  };
  useHotkey(
    'conversation.forward',
    () => {
      const chosen = messageAtFocus(letters) ?? newest;
      if (chosen) pass(chosen.id);
    },
    { enabled: able && letters.length > 0 },
  );
  // From a message's own menu.
  const asked = useInboxUi((ui) => ui.forward);
  const passAsked = useEffectEvent(pass);
  useEffect(() => {
    if (asked !== null && letters.some(({ id }) => id === asked)) passAsked(asked);
  }, [asked, letters]);
  const forwarded = forward && messages.find(({ id }) => id === forward.messageId);
  // The thread runs through all of the customer's conversations; what was passed on to others is not of it.
  const thread = able
    ? messages.findLast(
        (each) =>
          each.kind === 'message' &&
          each.threadKey === target?.threadKey &&
          each.letter?.subject.trim() &&
          !each.letter.forward,
      )
    : undefined;
  return {
    letter,
    lacks: forward && forward.to.length === 0 ? 'recipient' : null,
    given: givenSubject({
      text,
      forwarded: forward && (forwarded?.letter?.subject ?? null),
      thread: thread?.letter?.subject ?? null,
    }),
    forwarded,
    others,
  };
}
