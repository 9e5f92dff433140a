import type { Conversation } from '../../../shared/conversation.ts';
import { Button } from '../../components/button.tsx';
import { AtSign, Undo2 } from '../../components/icons.ts';
import { TagChip } from '../../components/tag-chip.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useMe, useStore } from '../../state/hooks.tsx';
import { useRoom } from '../media.ts';
import { useDeeds } from './deeds.ts';
import { PriorityMark } from './priority-mark.tsx';
import { useSplits } from './splits.ts';

/** Its labels, each a way to the list of them. */
export function HeadTags({ header, onTags }: { header: Conversation; onTags: () => void }) {
  const t = useT();
  const fmt = useFmt();
  const tags = useStore((state) => state.tags);
  const shown = header.tagIds.map((id) => tags.get(id)).filter((tag) => tag !== undefined);
  const most = useRoom() === 'phone' ? 1 : 3;
  if (shown.length === 0) return null;
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-label={`${t.tags.title}: ${fmt.list(shown.map(({ name }) => name))}`}
      onClick={onTags}
      className="flex min-h-6 max-w-[55%] min-w-0 shrink-0 items-center gap-1 overflow-hidden rounded-sm"
    >
      {shown.slice(0, most).map((tag) => (
        <TagChip key={tag.id} tag={tag} />
      ))}
      {shown.length > most && (
        <span aria-hidden className="text-2xs text-ink-faint">
          {`+${shown.length - most}`}
        </span>
      )}
    </button>
  );
}

/** Its priority, and what asks for a word of the viewer: a mention, a split. */
export function Signs({ header }: { header: Conversation }) {
  const t = useT();
  const me = useMe();
  const room = useRoom();
  const deeds = useDeeds([header.id]);
  const { bringBack } = useSplits();
  const mentioned = header.mentionedIds.includes(me.id);
  useHotkey('conversation.strikeMention', () => void deeds.strikeMention(), { enabled: mentioned });
  return (
    <>
      <PriorityMark priority={header.priority} />
      {mentioned && (
        <Tooltip text={t.mention.mark} hotkey="conversation.strikeMention">
          <Button
            size="sm"
            variant="quiet"
            icon={<AtSign size={14} aria-hidden />}
            className="shrink-0 bg-note text-note-ink"
            aria-label={`${t.mention.mark}. ${t.mention.strike}`}
            onPress={() => void deeds.strikeMention()}
          >
            {t.mention.strike}
          </Button>
        </Tooltip>
      )}
      {header.splitFromId && header.status !== 'continued' && (
        <Tooltip text={t.split.from}>
          <Button
            size="sm"
            variant="quiet"
            icon={<Undo2 size={14} aria-hidden className="mirror" />}
            className="shrink-0"
            aria-label={`${t.split.from}. ${t.split.bringBack}`}
            onPress={() => void bringBack(header.id)}
          >
            {room === 'wide' ? t.split.bringBack : null}
          </Button>
        </Tooltip>
      )}
    </>
  );
}
