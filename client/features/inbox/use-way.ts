import { useRef } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Message, Target } from '../../../shared/message.ts';
import { showToast } from '../../components/toast.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import type { KeptDraft } from '../../state/database.ts';
import { useCustomerSummary, useTimeline } from '../../state/hooks.tsx';
import { bare, type Route, targetOf, useRoutes, type Visibility } from './targets.ts';
import { useInboxUi } from './ui.ts';

export interface WayOptions {
  header: Conversation;
  /** Of the reply, whatever is being written now. */
  draft: KeptDraft | undefined;
  chooseTarget: (target: Target) => void;
}

export interface Way {
  routes: Route[];
  route: Route | undefined;
  visibility: Visibility;
  /** The channel's window holds for it: what answers a public word in private, or all, has none. */
  limited: boolean;
  /** What the agent chose to quote. */
  quoted: Message | undefined;
  forgetQuote: () => void;
  /** What the reply is about, chosen or not, and in which words that is said. */
  about: { message: Message; why: string; tone: 'accent' | 'public' } | null;
  /** Hands the answer over to private: what it answers in public is quoted. */
  toPrivate: (then: () => void) => void;
  toPublic: (then: () => void) => void;
  /** The target that a draft of this text keeps: what is being written does not change its readers under the hand. */
  kept: (text: string | undefined) => Target | null;
}

/** Where the reply goes, who will read it, and what it is about. */
export function useWay({ header, draft, chooseTarget }: WayOptions): Way {
  const w = useSocialWords().visibility;
  const choice = draft?.target ?? null;
  const { routes, route, visibility: given } = useRoutes(header, choice);
  const name = useCustomerSummary(header.customerId)?.name ?? '';
  const messages = useTimeline(header.customerId)?.messages;
  const quoting = useInboxUi((ui) => ui.quoting);
  const set = useInboxUi((ui) => ui.set);

  // Begun in private and without a choice, it stays so: what the customer says in public meanwhile makes nobody speak before all.
  const empty = (draft?.text ?? '') === '';
  const began = useRef<Visibility>('private');
  if (empty) began.current = given;
  const couldBePrivate = route?.ways.includes('private') || route?.noPrivate === 'unreachable';
  const visibility: Visibility =
    given === 'public' && !choice && began.current === 'private' && couldBePrivate ? 'private' : given;

  const capabilities = route?.look.manifest?.capabilities;
  const chosen = messages?.find(({ id }) => id === quoting[header.id]);
  const fits =
    chosen &&
    (chosen.visibility === 'public'
      ? visibility === 'public' || capabilities?.handOver === true
      : visibility === 'private' && capabilities?.threading !== 'none');
  const quoted = fits ? chosen : undefined;
  const forgetQuote = () => {
    const { [header.id]: _, ...rest } = quoting;
    set({ quoting: rest });
  };
  const quote = (id: string | undefined) =>
    id ? set({ quoting: { ...quoting, [header.id]: id } }) : forgetQuote();

  /** The public message that holds the keyboard: it is meant, else what they said last. */
  const pointedAt = (): Message | null => {
    const held = messages?.find(({ id }) => id === useInboxUi.getState().held);
    const meant =
      held?.visibility === 'public' && held.direction === 'in' && held.conversationId === header.id;
    return meant ? held : null;
  };

  const toPrivate = (then: () => void) => {
    if (!route?.ways.includes('private')) {
      const why = route?.noPrivate && w.noPrivate[route.noPrivate];
      showToast({ text: why || w.cannotBePrivate, tone: 'info' });
      return;
    }
    const meant = pointedAt();
    chooseTarget(bare(route.target));
    if (capabilities?.handOver && (meant || visibility === 'public'))
      quote(meant?.id ?? route.said?.id ?? route.openTarget?.inReplyTo);
    then();
  };
  const toPublic = (then: () => void) => {
    if (!route?.ways.includes('public')) {
      showToast({ text: w.cannotBePublic, tone: 'info' });
      return;
    }
    const about = pointedAt() ?? route.said;
    chooseTarget(bare(targetOf(route, 'public', about ?? undefined), 'public'));
    if (about && about.id !== route.said?.id) quote(about.id);
    else if (chosen && chosen.visibility !== 'public') forgetQuote();
    then();
  };

  const answered = visibility === 'public' ? (quoted ?? route?.said) : quoted;
  const about = answered
    ? {
        message: answered,
        why:
          visibility === 'public' ? w.answering(name) : answered.visibility === 'public' ? w.handingOver : '',
        tone: answered.visibility === 'public' ? ('public' as const) : ('accent' as const),
      }
    : null;

  const kept = (text: string | undefined): Target | null => {
    if (choice || !text || !route) return choice;
    const risky = routes.some(({ ways }) => ways.includes('public'));
    return risky ? bare(targetOf(route, visibility, quoted), visibility) : null;
  };

  const limited = visibility === 'private' && quoted?.visibility !== 'public' && capabilities?.window != null;
  return { routes, route, visibility, limited, quoted, forgetQuote, about, toPrivate, toPublic, kept };
}
