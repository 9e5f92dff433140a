import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Clock, LayoutTemplate, Lock, Timer } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { useFmt } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import type { WindowState } from './window.ts';

/** From here on it is hurried, in ms. */
const hurried = 60 * 60_000;

/** How long one may answer freely, before anything is typed; and what can be done once one may not. */
export function WindowLine({ state, onTemplates }: { state: WindowState; onTemplates: (() => void) | null }) {
  const w = useSocialWords().window;
  const fmt = useFmt();
  const keys = useHotkeyKeys('composer.template');
  const now = Date.now();
  const until = (at: string) => (fmt.dayKey(at) === fmt.dayKey(now) ? fmt.time(at) : fmt.when(at, now));
  const close = state.kind === 'open' && state.left < hurried;
  const Icon = state.kind === 'closed' ? Lock : state.kind === 'tagged' ? Timer : Clock;
  return (
    <section
      aria-label={w.label}
      data-window={state.kind}
      className={cx(
        'mx-2 mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-md px-2 py-1 text-2xs',
        state.kind === 'open' && !close && 'text-ink-muted',
        (close || state.kind === 'tagged') && 'bg-warn-soft text-warn-ink',
        state.kind === 'closed' && 'bg-danger-soft text-danger-ink',
      )}
    >
      <Icon size={13} aria-hidden className="shrink-0" />
      <span className="min-w-0 flex-1 text-pretty">
        {state.kind === 'open' && w.open(until(state.until), fmt.duration(state.left))}
        {state.kind === 'tagged' && w.tagged(until(state.until))}
        {state.kind === 'closed' &&
          `${state.never ? w.never : w.closed} ${onTemplates ? w.closedTemplates : w.closedNothing}`}
      </span>
      {onTemplates && (
        <Button
          size="sm"
          variant={state.kind === 'closed' ? 'primary' : 'quiet'}
          icon={<LayoutTemplate size={13} aria-hidden />}
          onPress={onTemplates}
        >
          {w.pick}
          {keys && (
            <span aria-hidden className="ms-1 pointer-coarse:hidden">
              <Kbd keys={keys} inverse={state.kind === 'closed'} />
            </span>
          )}
        </Button>
      )}
    </section>
  );
}
