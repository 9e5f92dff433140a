import { Suspense, useState } from 'react';
import { may } from '../../../shared/access.ts';
import type { Customer } from '../../../shared/customer.ts';
import { AppError } from '../../../shared/errors.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { ChevronDown, MessageSquare } from '../../components/icons.ts';
import { Menu } from '../../components/menu.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { plainName } from '../../lib/bidi.ts';
import { later } from '../../lib/later.ts';
import { useMe } from '../../state/hooks.tsx';
import { dataOf } from '../../state/outbox.ts';
import { useChannelLook } from '../directory.ts';
import { useBegin } from '../inbox/use-begin.ts';
import { useToConversation } from '../listening/to-conversation.ts';
import { useOffline } from '../settings/page.tsx';
import { LinkButton } from '../shell/link-button.tsx';
import { useOutsideText } from './contact-hours.ts';
import { pointTaken, useContactPoints } from './contact-points.ts';

const WriteDialog = later(() => import('./write.dialog.tsx'));

/** From a customer's page to the words for them: the active conversation, or a new one on the contact point that they prefer. */
export function WriteButton({ customer }: { customer: Customer }) {
  const w = useCustomerWords();
  const me = useMe();
  const outsideText = useOutsideText();
  const writes = may(me, 'conversation.write');
  const { data } = useContactPoints(customer.id, writes);
  const active = customer.conversations.find(({ status }) => status === 'open' || status === 'snoozed');
  const shown = active ?? (writes ? undefined : customer.conversations[0]);
  if (!shown && !writes) return null;
  return (
    <div className="flex flex-col items-start gap-0.5">
      {shown ? (
        <LinkButton href={`/inbox/all/${shown.id}`}>
          <MessageSquare size={15} aria-hidden />
          {w.customerPage.openConversation}
        </LinkButton>
      ) : (
        <NewMessage customer={customer} />
      )}
      {data?.outside && (
        <p role="status" className="max-w-72 text-2xs text-warn-ink">
          {outsideText(data.outside)}
        </p>
      )}
    </div>
  );
}

function NewMessage({ customer }: { customer: Customer }) {
  const w = useCustomerWords();
  const offline = useOffline();
  const look = useChannelLook();
  const begin = useBegin();
  const toConversation = useToConversation();
  const { data } = useContactPoints(customer.id);
  const [busy, setBusy] = useState(false);
  const [choosing, setChoosing] = useState<{ refused: unknown } | null>(null);
  const point = data ? pointTaken(data, null) : null;
  const [last] = customer.conversations;
  const write = async () => {
    setBusy(true);
    try {
      toConversation(await begin({ customerId: customer.id }));
    } catch (refused) {
      // They wrote in this very moment: then it is that conversation.
      const active = refused instanceof AppError ? dataOf(refused, 'conversationId') : undefined;
      if (active) toConversation(active);
      else setChoosing({ refused });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <div className="flex gap-1">
        <Button
          icon={<MessageSquare size={15} aria-hidden />}
          isPending={busy}
          isDisabled={offline}
          onPress={() => void write()}
        >
          {w.writing.button}
        </Button>
        <Menu
          label={w.writing.more}
          placement="bottom end"
          trigger={
            <IconButton
              variant="secondary"
              label={w.writing.more}
              icon={<ChevronDown size={15} />}
              isDisabled={offline}
            />
          }
          items={[
            { id: 'another', label: w.writing.another, onAction: () => setChoosing({ refused: null }) },
            ...(last
              ? [
                  {
                    id: 'last',
                    label: w.customerPage.lastConversation,
                    onAction: () => toConversation(last.id),
                  },
                ]
              : []),
          ]}
        />
      </div>
      {point && (
        <p className="max-w-72 truncate text-2xs text-ink-muted">
          {w.writing.goes(look(point.channelId).name, plainName(point.display))}
        </p>
      )}
      <Suspense fallback={null}>
        {choosing && (
          <WriteDialog
            customerId={customer.id}
            name={customer.name}
            refused={choosing.refused}
            onClose={() => setChoosing(null)}
            onOpen={toConversation}
          />
        )}
      </Suspense>
    </>
  );
}
