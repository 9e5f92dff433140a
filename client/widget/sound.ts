let context: AudioContext | undefined;

/** Two short tones. A browser that wants a click first stays silent; the badge says the same. */
export function ring(): void {
  try {
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
    const gain = context.createGain();
    const from = context.currentTime;
    gain.connect(context.destination);
    gain.gain.setValueAtTime(0.0001, from);
    gain.gain.exponentialRampToValueAtTime(0.12, from + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, from + 0.5);
    for (const [frequency, at] of [
      [660, 0],
      [880, 0.14],
    ] as const) {
      const tone = context.createOscillator();
      tone.frequency.value = frequency;
      tone.connect(gain);
      tone.start(from + at);
      tone.stop(from + at + 0.3);
    }
  } catch {
    // No sound device.
  }
}
