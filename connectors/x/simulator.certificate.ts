import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { pem } from './road.ts';

export interface Certificate {
  /** PEM. */
  key: string;
  cert: string;
  /** To be trusted by name of the certificate itself. */
  der: Buffer;
}

/** A certificate that signs itself (RFC 5280), for these names and loopback; made anew at each start and kept nowhere. */
export function selfSigned(names: readonly string[]): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = sequence(objectId([1, 2, 840, 10045, 4, 3, 2]));
  const who = sequence(
    tagged(0x31, sequence(objectId([2, 5, 4, 3]), tagged(0x0c, Buffer.from('simulated')))),
  );
  const now = Date.now();
  const to = sequence(
    tagged(
      0x30,
      objectId([2, 5, 29, 19]),
      tagged(0x01, Buffer.from([0xff])),
      tagged(0x04, sequence(tagged(0x01, Buffer.from([0xff])))),
    ),
    sequence(
      objectId([2, 5, 29, 17]),
      tagged(
        0x04,
        sequence(
          ...names.map((name) => tagged(0x82, Buffer.from(name))),
          tagged(0x87, Buffer.from([127, 0, 0, 1])),
        ),
      ),
    ),
  );
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    // Positive, whatever is drawn.
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    who,
    sequence(utcTime(now - 86_400_000), utcTime(now + 5 * 365 * 86_400_000)),
    who,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, to),
  );
  const signed = Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]);
  const der = sequence(body, algorithm, tagged(0x03, signed));
  return { der, cert: pem(der), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** One element of DER: its tag, its length, what is in it. */
function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, ...parts);

function objectId([first = 0, second = 0, ...rest]: number[]): Buffer {
  const bytes = rest.flatMap((part) => {
    const groups = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return tagged(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

const utcTime = (ms: number): Buffer =>
  tagged(0x17, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`));
