import { Button as AriaButton } from 'react-aria-components/Button';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { cx } from '../../components/cx.ts';
import { ChevronDown } from '../../components/icons.ts';
import { Menu } from '../../components/menu.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { plainName } from '../../lib/bidi.ts';
import type { Route } from './targets.ts';

/** Exactly where the reply goes, always in sight; another way is a press away. */
export function TargetChooser(props: {
  routes: readonly Route[];
  route: Route | undefined;
  onChoose: (route: Route) => void;
}) {
  const { routes, route, onChoose } = props;
  const t = useT();
  const w = useSocialWords().visibility;
  if (!route) return <span className="ms-auto pe-1 text-xs text-danger-ink">{t.composer.noTarget}</span>;
  const addressOf = ({ identity, target }: Route) =>
    plainName(identity?.display ?? target.identityId.replace(/^[^:]+:/, ''));
  const warningOf = ({ barred, noPrivate }: Route): string | null => {
    if (barred === 'paused') return t.composer.channelPaused;
    if (barred) return barred === 'unreachable' ? t.composer.unreachable : w.noPrivate[barred];
    return noPrivate && w.onlyPublic;
  };
  return (
    <div className="ms-auto flex min-w-0 items-center gap-1 text-xs text-ink-muted">
      <span aria-hidden>{t.composer.to}</span>
      <Menu
        label={t.composer.target}
        placement="top end"
        trigger={
          <AriaButton
            aria-label={`${t.composer.target}: ${t.composer.targetOf(route.look.name, addressOf(route))}`}
            className={cx(
              'flex min-h-7 min-w-0 items-center gap-1.5 rounded-md px-1.5 font-medium hover:bg-hover aria-expanded:bg-sunken',
              route.barred ? 'text-warn-ink' : 'text-ink',
            )}
          >
            <ChannelGlyph glyph={route.look.glyph} size={17} />
            <bdi className="max-w-36 truncate">{route.look.name}</bdi>
            <bdi dir="ltr" className="max-w-44 truncate text-ink-muted">
              {addressOf(route)}
            </bdi>
            <ChevronDown size={13} aria-hidden className="shrink-0 text-ink-faint" />
          </AriaButton>
        }
        items={routes.map((each) => ({
          id: each.key,
          label: each.look.name,
          icon: <ChannelGlyph glyph={each.look.glyph} size={18} />,
          description: (
            <>
              <bdi dir="ltr">{addressOf(each)}</bdi>
              {warningOf(each) && <span className="block text-warn-ink">{warningOf(each)}</span>}
            </>
          ),
          checked: each.key === route.key,
          disabled: each.ways.length === 0,
          onAction: () => onChoose(each),
        }))}
      />
    </div>
  );
}
