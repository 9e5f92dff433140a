import { Banner } from '../../components/banner.tsx';
import { useT } from '../../i18n/locale.tsx';

export function DemoRibbon() {
  const t = useT();
  return (
    <aside aria-label={t.demo.ribbon}>
      <Banner tone="note">
        <strong className="font-bold">{t.demo.ribbon}</strong>
        <span className="hidden sm:inline"> — {t.demo.text}</span>
      </Banner>
    </aside>
  );
}
