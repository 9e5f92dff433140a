import type { Simulator } from '../../connectors/connector.ts';
import type { Random } from './compose.ts';

/** A telephone that rings and rings back; a second and a half, as a telephone system keeps it. */
export function recording(random: Random): Uint8Array {
  const rate = 8_000;
  const length = Math.round(rate * 1.5);
  const body = Buffer.alloc(44 + length, 128);
  body.write('RIFF', 0);
  body.writeUInt32LE(body.length - 8, 4);
  body.write('WAVEfmt ', 8);
  body.writeUInt32LE(16, 16);
  body.writeUInt16LE(1, 20);
  body.writeUInt16LE(1, 22);
  body.writeUInt32LE(rate, 24);
  body.writeUInt32LE(rate, 28);
  body.writeUInt16LE(1, 32);
  body.writeUInt16LE(8, 34);
  body.write('data', 36);
  body.writeUInt32LE(length, 40);
  const tone = 380 + random() * 80;
  for (let n = 0; n < length; n += 1)
    body[44 + n] = 128 + Math.round(40 * Math.sin((2 * Math.PI * tone * n) / rate));
  return body;
}

/**
 * The telephone system's morning: a call that an agent took and that was recorded, one that nobody took, of a customer whose number is
 * known from elsewhere, and one that an agent made.
 */
export async function morningCalls(
  telephone: Simulator,
  of: { mobiles: readonly string[]; random: Random },
): Promise<void> {
  const [first, second, third] = of.mobiles;
  if (!first || !second || !third) throw new Error('The first calls need three numbers.');
  await telephone.act({
    do: 'call',
    peer: first,
    talked: 187,
    agent: '101',
    recording: recording(of.random),
    text: 'پرسید K30 گارانتی دو ساله دارد یا نه؛ برگهٔ گارانتی برایش پیامک شود.',
  });
  await telephone.act({ do: 'call', peer: second, disposition: 'missed' });
  await telephone.act({
    do: 'call',
    peer: third,
    direction: 'out',
    talked: 64,
    agent: '102',
    text: 'نشانی تازه را گرفتم؛ بسته دوباره فرستاده می‌شود.',
  });
}
