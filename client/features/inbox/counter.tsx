import type { Capabilities } from '../../../shared/connector.ts';
import { countSms } from '../../../shared/text/sms.ts';
import { useT } from '../../i18n/locale.tsx';

/** From this part of the limit on, it is in sight. */
const near = 0.9;

/** What the channel makes of the text: parts of an SMS, before typing too, or characters once the limit is in sight. */
export function Counter({ text, capabilities }: { text: string; capabilities: Capabilities }) {
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
  const { maxText } = capabilities;
  if (text.length < maxText * near) return null;
  if (text.length <= maxText)
    return (
      <span className="shrink-0 text-2xs text-ink-faint">{t.composer.characters(text.length, maxText)}</span>
    );
  return (
    <span className="shrink-0 text-2xs text-warn-ink">
      {t.composer.splitInto(Math.ceil(text.length / maxText))}
    </span>
  );
}
