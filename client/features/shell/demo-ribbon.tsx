import { Banner } from '../../components/banner.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWelcome } from '../../state/hooks.tsx';

export function DemoRibbon() {
  const t = useT();
  const shop = useWelcome()?.demo?.shop;
  return (
    <aside aria-label={t.demo.ribbon}>
      <Banner tone="note">
        <strong className="font-bold">{t.demo.ribbon}</strong>
        <span className="hidden sm:inline"> — {t.demo.text}</span>
        {shop && (
          <a
            href={shop}
            target="_blank"
            rel="noopener noreferrer"
            className="ms-2 underline underline-offset-3"
          >
            {t.demo.beCustomer}
          </a>
        )}
      </Banner>
    </aside>
  );
}
