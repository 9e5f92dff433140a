export interface Size {
  width: number;
  height: number;
}

/** Width and height from the head of a PNG, JPEG, GIF or WebP; null when the head does not tell. Reads no pixel. */
export function imageSize(type: string, head: Buffer): Size | null {
  try {
    switch (type) {
      case 'image/png':
        return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
      case 'image/gif':
        return { width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
      case 'image/jpeg':
        return jpeg(head);
      case 'image/webp':
        return webp(head);
      default:
        return null;
    }
  } catch (error) {
    // The head ends before the numbers do.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Walks the segments to the frame header (SOF0…SOF15 without DHT, JPG and DAC). ITU-T T.81, B.1.1.3. */
function jpeg(head: Buffer): Size | null {
  let at = 2;
  while (at + 9 <= head.length) {
    if (head[at] !== 0xff) return null;
    const marker = head[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: head.readUInt16BE(at + 5), width: head.readUInt16BE(at + 7) };
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else at += 2 + head.readUInt16BE(at + 2);
  }
  return null;
}

/** RFC 9649: extended (VP8X), lossless (VP8L) and lossy (VP8) headers. */
function webp(head: Buffer): Size | null {
  const chunk = head.toString('latin1', 12, 16);
  if (chunk === 'VP8X') return { width: 1 + head.readUIntLE(24, 3), height: 1 + head.readUIntLE(27, 3) };
  if (chunk === 'VP8L') {
    const bits = head.readUInt32LE(21);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (chunk === 'VP8 ')
    return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
  return null;
}
