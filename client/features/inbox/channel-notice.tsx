import { may } from '../../../shared/access.ts';
import type { Conversation } from '../../../shared/conversation.ts';
import { Banner } from '../../components/banner.tsx';
import { TriangleAlert } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { useMe, useStore } from '../../state/hooks.tsx';
import { LinkButton } from '../shell/link-button.tsx';

/** The channel of this conversation does not carry messages now; who can mend it is led there. */
export function ChannelNotice({ header }: { header: Conversation }) {
  const t = useT();
  const me = useMe();
  const channelId = header.replyTarget?.channelId ?? header.channelIds[0];
  const channel = useStore((state) => (channelId ? state.channels.get(channelId) : undefined));
  if (channel?.state !== 'paused') return null;
  return (
    <Banner
      tone="warn"
      icon={<TriangleAlert size={15} />}
      action={
        may(me, 'channel.manage') && (
          <LinkButton href={`/channels/${channel.id}`}>{t.channels.bannerFix}</LinkButton>
        )
      }
    >
      {t.channels.bannerPaused(channel.name)}
    </Banner>
  );
}
