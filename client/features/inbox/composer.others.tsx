import { useLocation } from 'wouter';
import type { Conversation } from '../../../shared/conversation.ts';
import { Button } from '../../components/button.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useMe, usePresence } from '../../state/hooks.tsx';
import { useUsers } from '../directory.ts';

/** Colleagues who look at the same conversation or write in it. */
export function Others({ header }: { header: Conversation }) {
  const t = useT();
  const me = useMe();
  const users = useUsers();
  const presence = usePresence(header.id);
  const writing = presence?.users.find(({ userId, typing }) => typing && userId !== me.id);
  if (!writing) return null;
  const name = users.get(writing.userId)?.name ?? t.common.unknown;
  return (
    <p role="status" className="mb-1.5 rounded-md bg-warn-soft px-3 py-1 text-xs text-warn-ink">
      {writing.typing === 'note' ? t.presence.noting(name) : t.presence.replying(name)}
    </p>
  );
}

/** The conversation goes on in another one: the way there. */
export function Continued({ header }: { header: Conversation }) {
  const t = useT();
  const [, navigate] = useLocation();
  if (header.status !== 'continued' || !header.successorId) return null;
  return (
    <div className="mt-2 flex items-center justify-between gap-2 text-xs text-ink-muted">
      {t.composer.continuedHint}
      <Button size="sm" onPress={() => navigate(`/inbox/all/${header.successorId}`)}>
        {t.inbox.openSuccessor}
      </Button>
    </div>
  );
}
