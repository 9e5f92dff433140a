import { Button as AriaButton } from 'react-aria-components/Button';
import { cx } from '../../components/cx.ts';
import { Globe, User } from '../../components/icons.ts';
import { Tooltip } from '../../components/tooltip.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import type { Visibility } from './targets.ts';

/** Before all or to the customer alone: said in words, in a drawing and in a colour. */
export function VisibilityChoice(props: {
  ways: readonly Visibility[];
  value: Visibility;
  onChoose: (visibility: Visibility) => void;
}) {
  const { ways, value, onChoose } = props;
  const w = useSocialWords().visibility;
  // Where nothing can be said but in public there is nothing to choose, and all the more to know.
  if (ways.every((way) => way === value))
    return value === 'public' ? (
      <span className="inline-flex min-h-7 items-center gap-1.5 rounded-md bg-public-strong px-2 text-xs font-semibold text-on-public">
        <Globe size={14} aria-hidden />
        {w.publicLong}
      </span>
    ) : null;
  const one = (id: Visibility) => {
    const chosen = value === id;
    const Icon = id === 'public' ? Globe : User;
    return (
      <Tooltip
        text={id === 'public' ? w.toPublicHelp : w.toPrivateHelp}
        hotkey={id === 'public' ? 'composer.toPublic' : 'composer.toPrivate'}
        placement="top"
      >
        <AriaButton
          aria-pressed={chosen}
          onPress={() => onChoose(id)}
          className={cx(
            'inline-flex min-h-6 items-center gap-1.5 rounded-[5px] px-2 text-xs font-semibold transition-colors',
            !chosen && 'text-ink-muted hover:text-ink',
            chosen && id === 'public' && 'bg-public-strong text-on-public',
            chosen && id === 'private' && 'bg-raised text-accent-ink shadow-soft',
          )}
        >
          <Icon size={13} aria-hidden />
          {id === 'public' ? w.toPublic : w.toPrivate}
        </AriaButton>
      </Tooltip>
    );
  };
  return (
    <fieldset aria-label={w.choose} className="inline-flex rounded-md bg-sunken p-0.5">
      {one('public')}
      {one('private')}
    </fieldset>
  );
}
