import type { Conversation } from '../../../shared/conversation.ts';
import type { Place } from '../../state/sync.stream.ts';
import { ChannelNotice } from './channel-notice.tsx';
import { Composer } from './composer.tsx';
import { ConversationHead } from './conversation-head.tsx';
import { Keep } from './keep.tsx';
import { Thread } from './thread.tsx';
import { CustomerTimeline } from './timeline.tsx';
import { Whole } from './whole.tsx';

export interface ConversationPaneProps {
  header: Conversation;
  target: Place | null;
  onTargetShown: () => void;
  onNext: () => void;
  onBack: () => void;
  onCustomer: () => void;
}

/** One open conversation: who it is, what was said, and what is being written. */
export default function ConversationPane(props: ConversationPaneProps) {
  const { header, target, onTargetShown, onNext, onBack, onCustomer } = props;
  return (
    <>
      <ConversationHead header={header} onNext={onNext} onBack={onBack} onCustomer={onCustomer} />
      <ChannelNotice header={header} />
      <div className="min-h-0 flex-1">
        <CustomerTimeline header={header} target={target} onTargetShown={onTargetShown} />
      </div>
      <Composer key={header.id} header={header} onResolved={onNext} />
      <Whole header={header} />
      <Keep header={header} />
      <Thread header={header} />
    </>
  );
}
