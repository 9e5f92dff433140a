import { useT } from '../../i18n/locale.tsx';

export default function ChannelsPage() {
  const t = useT();
  return <h1>{t.channels.title}</h1>;
}
