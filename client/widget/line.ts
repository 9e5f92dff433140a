import type { ServerToVisitor, VisitorToServer } from '../../shared/visitor.ts';

/**
 * The live line to the server's namespace `/visitor`: as much of the Socket.IO protocol (version 5, over Engine.IO 4) as text events
 * in a WebSocket need. The library would be more than half of all that a visitor loads, mostly for what is not wanted here:
 * polling, binary, acknowledgements, many namespaces. Without a WebSocket the chat asks by HTTP.
 * https://socket.io/docs/v4/socket-io-protocol/ and https://socket.io/docs/v4/engine-io-protocol/
 */
export interface Line {
  /** Lost when there is no connection. */
  say<Name extends keyof VisitorToServer>(name: Name, ...values: Parameters<VisitorToServer[Name]>): void;
  /** Connects now instead of at the end of the pause. */
  hurry(): void;
  close(): void;
}

export interface LineOptions {
  /** Of the server: `ws:` or `wss:` and host. */
  origin: string;
  site: string;
  token: string;
  on: ServerToVisitor;
  /** After every (re)connection, and when it is lost. */
  onState: (connected: boolean) => void;
  connect?: (address: string) => WebSocket;
}

const namespace = '/visitor,';
/** Milliseconds between attempts: at first, and at most. */
const [shortest, longest] = [500, 15_000];

export function openLine(options: LineOptions): Line {
  const connect = options.connect ?? ((address) => new WebSocket(address));
  let socket: WebSocket | null = null;
  let connected = false;
  let closed = false;
  let pause = shortest;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  /** How long the server may be silent before it is taken for gone; it says so itself. */
  let patience = 10_000;

  const open = () => {
    clearTimeout(timer);
    if (closed || socket) return;
    const mine = connect(`${options.origin}/socket.io/?EIO=4&transport=websocket`);
    socket = mine;
    mine.onmessage = ({ data }) => {
      if (socket !== mine) return;
      alive();
      packet(String(data));
    };
    mine.onclose = () => socket === mine && lost();
    alive();
  };
  const alive = () => {
    clearTimeout(silence);
    silence = setTimeout(lost, patience);
  };
  const lost = () => {
    const was = socket;
    socket = null;
    clearTimeout(silence);
    clearTimeout(timer);
    was?.close();
    if (closed) return;
    connected = false;
    timer = setTimeout(open, pause * (0.5 + Math.random()));
    pause = Math.min(longest, pause * 2);
    options.onState(false);
  };
  const packet = (data: string) => {
    const [engine, kind] = data;
    if (engine === '0') {
      const { pingInterval, pingTimeout } = JSON.parse(data.slice(1)) as Record<string, number>;
      patience = (pingInterval ?? 25_000) + (pingTimeout ?? 20_000);
      alive();
      socket?.send(`40${namespace}${JSON.stringify({ site: options.site, token: options.token })}`);
    } else if (engine === '1') lost();
    else if (engine === '2') socket?.send('3');
    else if (engine !== '4' || !data.startsWith(namespace, 2)) return;
    else if (kind === '0') {
      connected = true;
      pause = shortest;
      options.onState(true);
    } else if (kind === '2') heard(data.slice(data.indexOf('[')));
    // Sent away or refused: why, HTTP will tell.
    else if (kind === '1' || kind === '4') lost();
  };
  const heard = (json: string) => {
    const [name, value] = JSON.parse(json) as [keyof ServerToVisitor, never];
    if (Object.hasOwn(options.on, name)) options.on[name](value);
  };
  open();
  return {
    say(name, ...values) {
      if (connected) socket?.send(`42${namespace}${JSON.stringify([name, ...values])}`);
    },
    hurry() {
      if (!socket) open();
    },
    close() {
      closed = true;
      lost();
    },
  };
}
