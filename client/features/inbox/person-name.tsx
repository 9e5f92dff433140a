import { cx } from '../../components/cx.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';

/** A name in one line. One without letters is a number or a code: left to right, so that its plus stays in front. */
export function PersonName({ name, className }: { name: string | undefined; className?: string }) {
  const t = useT();
  const plain = plainName(name ?? '') || t.customer.unnamed;
  return (
    <bdi {...(!/\p{L}/u.test(plain) && { dir: 'ltr' })} className={cx('ui-start block truncate', className)}>
      {plain}
    </bdi>
  );
}
