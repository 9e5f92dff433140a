import { Suspense } from 'react';
import { useRoute } from 'wouter';
import { Delayed } from '../../components/skeleton.tsx';
import { later } from '../../lib/later.ts';
import { CardSkeletons } from '../settings/page.tsx';
import { ChannelList } from './channel.list.tsx';
import { NewChannel } from './channel.new.tsx';
import { ChannelPage } from './channel.view.tsx';

const WidgetDesigner = later(() => import('../widget-designer/widget-designer.page.tsx'));

/** `/channels`, `/channels/new`, and of one channel `/channels/:id` with its parts: settings, routing, setup, widget. */
export default function ChannelsPage() {
  const [, params] = useRoute('/channels/:id?/:part?');
  if (!params?.id) return <ChannelList />;
  if (params.id === 'new') return <NewChannel />;
  if (params.part === 'widget')
    return (
      <Suspense fallback={<Delayed>{<CardSkeletons />}</Delayed>}>
        <WidgetDesigner channelId={params.id} />
      </Suspense>
    );
  return <ChannelPage key={params.id} id={params.id} part={params.part ?? null} />;
}
