import { type KeyboardEvent, useRef, useState } from 'react';
import type { Attachment } from '../../../shared/message.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Pause, Play } from '../../components/icons.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { urlOf } from './attachment-url.ts';

const speeds = [1, 1.5, 2];
/** Seconds that an arrow key goes. */
const step = 5;

/** Only one voice at a time. */
let playingNow: HTMLAudioElement | null = null;

/** A voice message. */
export function Voice({ audio }: { audio: Attachment }) {
  const t = useT();
  return <Player src={urlOf(audio)} duration={audio.duration} label={t.timeline.audio} />;
}

/** A sound: play and pause, a place in it, its speed; by keyboard as well. */
export function Player({ src, duration, label }: { src: string; duration: number | null; label: string }) {
  const t = useT();
  const fmt = useFmt();
  const element = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(duration ?? 0);
  const [speed, setSpeed] = useState(1);
  const toggle = () => {
    const player = element.current;
    if (!player) return;
    player.playbackRate = speed;
    if (player.paused) void player.play().catch(() => setPlaying(false));
    else player.pause();
  };
  const seek = (to: number) => {
    const next = Math.max(0, Math.min(length, to));
    setAt(next);
    if (element.current) element.current.currentTime = next;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -step, ArrowRight: step, ArrowDown: -step, ArrowUp: step }[event.key];
    if (by === undefined && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    if (by === undefined) toggle();
    else seek(at + by);
  };
  return (
    <div className="flex w-72 max-w-full items-center gap-2">
      {/* biome-ignore lint/a11y/useMediaCaption: a voice message has no captions to offer */}
      <audio
        ref={element}
        src={src}
        preload="none"
        onPlay={(event) => {
          if (playingNow !== event.currentTarget) playingNow?.pause();
          playingNow = event.currentTarget;
          setPlaying(true);
        }}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onDurationChange={(event) =>
          Number.isFinite(event.currentTarget.duration) && setLength(event.currentTarget.duration)
        }
      />
      <IconButton
        label={playing ? t.timeline.pause : t.timeline.play}
        variant="primary"
        icon={playing ? <Pause size={15} /> : <Play size={15} />}
        className="rounded-full"
        onPress={toggle}
      />
      <input
        type="range"
        dir="ltr"
        aria-label={label}
        aria-valuetext={t.file.position(fmt.playTime(at), fmt.playTime(length))}
        min={0}
        max={Math.max(1, length)}
        step={0.1}
        value={at}
        onKeyDown={onKeyDown}
        onChange={(event) => seek(Number(event.currentTarget.value))}
        className="min-w-0 flex-1 accent-accent"
      />
      <span className="text-2xs text-ink-muted">{fmt.playTime(playing || at > 0 ? at : length)}</span>
      <Button
        size="sm"
        variant="quiet"
        className="min-w-8 px-1"
        aria-label={t.timeline.speed(fmt.digits(`${speed}×`))}
        onPress={() => {
          const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1;
          setSpeed(next);
          if (element.current) element.current.playbackRate = next;
        }}
      >
        {fmt.digits(`${speed}×`)}
      </Button>
    </div>
  );
}
