import { Link } from 'wouter';
import { ChannelGlyph } from '../../../components/channel-glyph.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useLocale, useT } from '../../../i18n/locale.tsx';
import { PreviewText } from '../../../lib/message-text.tsx';
import { useNow } from '../../../lib/time.ts';
import { useStore } from '../../../state/hooks.tsx';
import { useChannelLook } from '../../directory.ts';
import { Nothing, PanelCard } from './card.tsx';
import type { PanelProps } from './panels.tsx';

/** Every conversation with them, the newest first. */
export function ConversationsPanel({ customer }: PanelProps) {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const look = useChannelLook();
  const { direction } = useLocale();
  const headers = useStore((state) => state.headers);
  return (
    <PanelCard
      title={w.panels.names.conversations}
      aside={
        <span className="text-2xs text-ink-faint">
          {t.customer.conversations(customer.conversations.length)}
        </span>
      }
    >
      {customer.conversations.length === 0 && <Nothing>{w.conversationsPanel.none}</Nothing>}
      <ol className="-mx-2 flex max-h-96 flex-col overflow-y-auto">
        {customer.conversations.map((each) => {
          const status = headers.get(each.id)?.status ?? each.status;
          return (
            <li key={each.id}>
              <Link
                href={`/inbox/all/${each.id}`}
                className="flex w-full flex-col gap-0.5 rounded-md px-2 py-1.5 hover:bg-hover focus-visible:outline-offset-[-2px]"
              >
                <span className="flex w-full items-center gap-1.5 text-2xs text-ink-muted">
                  {each.channelIds.map((id) => (
                    <ChannelGlyph key={id} glyph={look(id).glyph} size={14} label={look(id).name} />
                  ))}
                  {(t.row.status as Record<string, string>)[status]}
                  <span className="flex-1" />
                  <time dateTime={each.lastAt} title={fmt.both(each.lastAt)}>
                    {fmt.date(each.lastAt, now)}
                  </time>
                </span>
                <span className="block w-full text-xs text-ink-muted">
                  <PreviewText
                    text={each.preview || t.customer.messages(each.messageCount)}
                    fallback={direction}
                  />
                </span>
              </Link>
            </li>
          );
        })}
      </ol>
    </PanelCard>
  );
}
