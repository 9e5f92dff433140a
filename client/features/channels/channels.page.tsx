import { useRoute } from 'wouter';
import { ChannelList } from './channel.list.tsx';
import { NewChannel } from './channel.new.tsx';
import { ChannelPage } from './channel.view.tsx';

/** `/channels`, `/channels/new`, and of one channel `/channels/:id` with its parts: settings, routing and setup. */
export default function ChannelsPage() {
  const [, params] = useRoute('/channels/:id?/:part?');
  if (!params?.id) return <ChannelList />;
  if (params.id === 'new') return <NewChannel />;
  return <ChannelPage key={params.id} id={params.id} part={params.part ?? null} />;
}
