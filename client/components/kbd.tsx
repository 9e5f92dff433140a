import { useKeyboard } from '../lib/hotkeys.react.tsx';
import { capsOf } from '../lib/hotkeys.ts';
import { cx } from './cx.ts';

export interface KbdProps {
  /** As in the command table: `Mod+Enter`, `g i`. */
  keys: string;
  /** On a dark tooltip. */
  inverse?: boolean;
}

/** Key caps, left to right in either language. */
export function Kbd({ keys, inverse = false }: KbdProps) {
  const mac = useKeyboard()?.mac ?? false;
  const caps = capsOf(keys, mac).flatMap((step, at) =>
    step.map((cap, index) => ({ cap, id: `${at}.${index}` })),
  );
  return (
    <span className="ltr inline-flex gap-0.5">
      {caps.map(({ cap, id }) => (
        <kbd
          key={id}
          className={cx(
            'inline-flex h-5 min-w-5 items-center justify-center rounded-sm border px-1 font-sans text-2xs font-medium',
            inverse ? 'border-current/40' : 'border-line bg-sunken text-ink-muted',
          )}
        >
          {cap}
        </kbd>
      ))}
    </span>
  );
}
