import { type CannedReply, fillCanned } from '../../../shared/canned.ts';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { dirOf } from '../../lib/bidi.ts';
import type { CannedValues } from './use-canned.ts';

/** The reply as it will stand there; what has no value yet is marked. */
export function CannedPreview({ reply, values }: { reply: CannedReply; values: CannedValues }) {
  const t = useT();
  const fmt = useFmt();
  const { direction } = useLocale();
  const { text, missing } = fillCanned(reply.text, values);
  const names: Record<string, string> = t.canned.variable;
  return (
    <div className="flex w-1/2 flex-col gap-2 overflow-y-auto border-s border-line p-3 text-sm max-sm:hidden">
      <p className="text-2xs font-semibold text-ink-faint">{t.canned.preview}</p>
      <p dir={dirOf(text, direction)} className="min-h-0 flex-1 whitespace-pre-wrap">
        {text.split(/(\{\{[^}]*\}\})/).map((piece, at) =>
          piece.startsWith('{{') ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other identity and hold no state
            <mark key={at} className="rounded-sm bg-warn-soft px-0.5 text-warn-ink">
              {piece}
            </mark>
          ) : (
            piece
          ),
        )}
      </p>
      {missing.length > 0 && (
        <p className="text-2xs text-warn-ink">
          {t.canned.missing(fmt.list(missing.map((name) => names[name] ?? name)))}
        </p>
      )}
      <p className="text-2xs text-ink-faint">{t.canned.hint}</p>
    </div>
  );
}
