import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { useT } from '../../i18n/locale.tsx';

/** Why no other conversation begins with somebody, and the way to the one that is open. */
export function ActiveBanner({ onOpen }: { onOpen: () => void }) {
  const t = useT();
  return (
    <Banner
      tone="info"
      live
      action={
        <Button size="sm" onPress={onOpen}>
          {t.inbox.openActive}
        </Button>
      }
    >
      {t.begin.active}
    </Banner>
  );
}
