import type { Advocate, AdvocateKind } from '../../../shared/advocate.ts';
import { Chip, type Tone } from '../../components/badge.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { Lock } from '../../components/icons.ts';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { useChannelLook } from '../directory.ts';

const tones: Record<AdvocateKind, Tone> = {
  influencer: 'public',
  advocate: 'ok',
  helper: 'info',
  detractor: 'danger',
};

/** What somebody is to us; several, or none. */
export function Kinds({ kinds }: Pick<Advocate, 'kinds'>) {
  const w = useAdvocateWords();
  return kinds.map((kind) => (
    <Chip key={kind} tone={tones[kind]}>
      {w.kind[kind]}
    </Chip>
  ));
}

/** They want to hear nothing of us: nobody writes to them from here. */
export function OptedOut() {
  const w = useAdvocateWords();
  return (
    <Chip tone="warn" icon={<Lock size={11} aria-hidden />}>
      {w.board.optedOut}
    </Chip>
  );
}

/** The platforms on which they were met. */
export function Glyphs({ channelIds, size = 16 }: { channelIds: readonly string[]; size?: number }) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const look = useChannelLook();
  const looks = channelIds.map((id) => look(id)).filter(({ name }) => name);
  const glyphs = [...new Set(looks.map(({ glyph }) => glyph))];
  if (glyphs.length === 0) return null;
  const names = fmt.list([...new Set(looks.map(({ name }) => name))]);
  return (
    <span role="img" aria-label={w.board.channels(names)} title={names} className="inline-flex gap-0.5">
      {glyphs.slice(0, 4).map((glyph) => (
        <ChannelGlyph key={glyph} glyph={glyph} size={size} />
      ))}
    </span>
  );
}
