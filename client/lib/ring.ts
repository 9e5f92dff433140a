/** Two tones, made here: no sound file has to be fetched, and none can be missing. */

const tones = [
  { frequency: 880, at: 0, length: 0.16 },
  { frequency: 1174.7, at: 0.13, length: 0.32 },
];

let speaker: AudioContext | undefined;

/**
 * Rings once. A page that nobody has touched yet is kept silent by the browser: then nothing is heard, and nothing fails.
 * @param volume 0 to 100, by ear
 */
export function ring(volume: number): void {
  if (volume <= 0 || typeof AudioContext === 'undefined') return;
  speaker ??= new AudioContext();
  const context = speaker;
  const play = () => {
    // The ear hears loudness by powers.
    const loudest = 0.35 * (Math.min(volume, 100) / 100) ** 2;
    for (const { frequency, at, length } of tones) {
      const begin = context.currentTime + at;
      const tone = context.createOscillator();
      const gain = context.createGain();
      tone.type = 'sine';
      tone.frequency.value = frequency;
      gain.gain.setValueAtTime(0, begin);
      gain.gain.linearRampToValueAtTime(loudest, begin + 0.015);
      gain.gain.exponentialRampToValueAtTime(Math.max(loudest / 500, 1e-5), begin + length);
      tone.connect(gain).connect(context.destination);
      tone.start(begin);
      tone.stop(begin + length + 0.02);
    }
  };
  if (context.state === 'running') play();
  else void context.resume().then(play, () => undefined);
}
