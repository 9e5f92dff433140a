import type { Conversation } from '../../../shared/conversation.ts';
import { useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { useDraftStatus, useLink, useMe } from '../../state/hooks.tsx';
import type { Route } from './targets.ts';

/** The one thing worth knowing about what is being written. */
export function Hint(props: {
  header: Conversation;
  hasText: boolean;
  note: boolean;
  barred: Route['barred'];
}) {
  const { header, hasText, note, barred } = props;
  const t = useT();
  const w = useSocialWords().visibility;
  const me = useMe();
  const status = useDraftStatus(header.id, note ? 'note' : 'reply');
  const { connected } = useLink();
  if (!note && barred === 'unreachable')
    return <span className="text-danger-ink">{t.composer.unreachable}</span>;
  if (!note && barred === 'nameOnly') return <span className="text-danger-ink">{w.noPrivate.nameOnly}</span>;
  if (!note && barred === 'paused') return <span className="text-warn-ink">{t.composer.channelPaused}</span>;
  if (!connected) return t.composer.offlineHint;
  if (hasText) {
    return status === 'saved'
      ? t.composer.draftSaved
      : status === 'local'
        ? t.composer.draftLocal
        : t.composer.draftSaving;
  }
  if (header.status === 'resolved' && !note) return t.composer.resolvedHint;
  return me.preferences.sendWith === 'enter' ? t.composer.sendWithEnter : t.composer.sendWithCtrlEnter;
}
