import type { ChannelDetails } from '../../../shared/channel.ts';
import { Chip } from '../../components/badge.tsx';
import { Archive, CircleCheck, Pause, TriangleAlert } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { conditionOf } from './condition.ts';

/** How a channel does: a word, a colour and a mark. */
export function ConditionChip({ channel }: { channel: ChannelDetails }) {
  const t = useT();
  switch (conditionOf(channel)) {
    case 'good':
      return (
        <Chip tone="ok" icon={<CircleCheck size={13} aria-hidden />}>
          {t.channels.state.connected}
        </Chip>
      );
    case 'attention':
      return (
        <Chip tone="danger" icon={<TriangleAlert size={13} aria-hidden />}>
          {t.health.attention}
        </Chip>
      );
    case 'paused':
      return (
        <Chip tone="warn" icon={<Pause size={13} aria-hidden />}>
          {t.channels.state.paused}
        </Chip>
      );
    case 'archived':
      return <Chip icon={<Archive size={13} aria-hidden />}>{t.channels.state.archived}</Chip>;
  }
}
