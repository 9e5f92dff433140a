import type { ContactPoint as Point } from '../../../shared/customer-list.ts';
import { cx } from '../../components/cx.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { dirOf } from '../../lib/bidi.ts';

/** How somebody is reached, in one line that is cut at its own end: a number or a handle from the left, words as they are read. */
export function ContactPoint(props: { point: Point; name: string; className?: string }) {
  const { point, name, className } = props;
  const w = useCustomerWords();
  // A channel that knows them by their name only adds nothing but itself.
  if (point.display === name)
    return <span className={cx('shrink-0', className)}>{w.identityKind[point.kind]}</span>;
  return (
    <bdi dir={dirOf(point.display, 'ltr')} className={cx('ui-start min-w-0 truncate', className)}>
      {point.display}
    </bdi>
  );
}
