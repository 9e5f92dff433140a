import { useT } from '../../i18n/locale.tsx';
import { type CurrentCall, useCurrentCall } from './current-call.ts';

/** Until the bar is there it takes the first words: typed at once, they would go to whatever had the keyboard. */
export function CallWait({ call }: { call: CurrentCall }) {
  const t = useT();
  const change = useCurrentCall((calls) => calls.change);
  const wanted = useCurrentCall((calls) => calls.wanted);
  return (
    <div data-call-bar className="border-b border-line bg-surface px-3 py-2">
      <textarea
        aria-label={t.row.call}
        rows={1}
        // biome-ignore lint/a11y/noAutofocus: a key asked to write here
        autoFocus={wanted > 0}
        value={call.customerId ? call.note : call.number}
        onChange={({ currentTarget: { value } }) =>
          change(call.customerId ? { note: value } : { number: value })
        }
        className="block w-full resize-none bg-transparent outline-none"
      />
    </div>
  );
}
