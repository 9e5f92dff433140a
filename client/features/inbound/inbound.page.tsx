import { useT } from '../../i18n/locale.tsx';

export default function InboundPage() {
  const t = useT();
  return <h1>{t.inbound.title}</h1>;
}
