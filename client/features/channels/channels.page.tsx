import { useRoute } from 'wouter';
import { ChannelList } from './channel.list.tsx';
import { NewChannel } from './channel.new.tsx';
import { ChannelView } from './channel.view.tsx';

/** `/channels`, `/channels/new` and `/channels/:id`. */
export default function ChannelsPage() {
  const [, params] = useRoute('/channels/:id?');
  if (!params?.id) return <ChannelList />;
  return params.id === 'new' ? <NewChannel /> : <ChannelView key={params.id} id={params.id} />;
}
