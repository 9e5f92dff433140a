import type { Capabilities } from '../../../shared/connector.ts';
import { countSms } from '../../../shared/text/sms.ts';
import { mostWeighted, splitWeighted, weightedLength } from '../../../shared/text/weighted.ts';
import { cx } from '../../components/cx.ts';
import { useT } from '../../i18n/locale.tsx';

/** From this part of the limit on, it is in sight. */
const near = 0.9;

/** What the channel makes of the text: parts of an SMS, before typing too, or characters once the limit is in sight. */
export function Counter(props: { text: string; capabilities: Capabilities; inPublic: boolean }) {
  const { text, capabilities, inPublic } = props;
  const t = useT();
  if (capabilities.counter === 'smsParts') {
    const { parts, left } = countSms(text);
    return (
      <span
        className="shrink-0 text-2xs text-ink-muted"
        title={t.composer.partsDetail(left, Math.max(1, parts))}
      >
        {t.composer.parts(parts)} · {t.composer.partsDetail(left, Math.max(1, parts))}
      </span>
    );
  }
  const weighted = capabilities.counter === 'weighted' && inPublic;
  const most = weighted ? mostWeighted : capabilities.maxText;
  const length = weighted ? weightedLength(text) : text.length;
  // A post is short: how much is left of it is always in sight.
  if (!weighted && length < most * near) return null;
  if (length <= most)
    return (
      <span
        className={cx(
          'shrink-0 text-2xs',
          weighted && length >= most * near
            ? 'text-warn-ink'
            : weighted
              ? 'text-ink-muted'
              : 'text-ink-faint',
        )}
      >
        {t.composer.characters(length, most)}
      </span>
    );
  const pieces = weighted ? splitWeighted(text).length : Math.ceil(length / most);
  return <span className="shrink-0 text-2xs text-warn-ink">{t.composer.splitInto(pieces)}</span>;
}
