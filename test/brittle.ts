import net from 'node:net';

export interface Brittle {
  /** For any MongoDB driver. */
  uri: string;
  close(): Promise<void>;
}

/**
 * A way to a MongoDB server on this machine that breaks off once, after so many bytes to it or from it; afterwards it holds.
 *
 * @param onBreak runs at that moment, before anybody can know
 */
export async function brittle(uri: string, bytes: number, onBreak: () => void = () => {}): Promise<Brittle> {
  const port = Number(/:(\d+)\//.exec(uri)![1]);
  const ends = new Set<net.Socket>();
  let left = bytes;
  const through = (to: net.Socket) => (chunk: Buffer) => {
    left -= chunk.length;
    if (left >= 0) {
      to.write(chunk);
      return;
    }
    left = Number.POSITIVE_INFINITY;
    onBreak();
    for (const end of ends) end.destroy();
  };
  const server = net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    for (const end of [near, far]) {
      ends.add(end);
      end.on('error', () => end.destroy());
      end.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', through(far));
    far.on('data', through(near));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    uri: `mongodb://127.0.0.1:${(server.address() as net.AddressInfo).port}/?directConnection=true`,
    close: () =>
      new Promise((resolve) => {
        for (const end of ends) end.destroy();
        server.close(() => resolve());
      }),
  };
}
