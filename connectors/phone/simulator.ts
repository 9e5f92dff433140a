import { createHmac } from 'node:crypto';
import type { Fault, Simulator, SimulatorOptions } from '../connector.ts';
import { answerJson, Faults, Ledger, serve, Timers } from '../simulator.ts';

/** The telephone system: it tells of calls, signed, until it is heard, and keeps recordings. */

const secret = 'a-signing-key-of-no-real-telephone-system';
const login = 'yekja:simulated-recordings';
const ownNumber = '02188990000';

interface Call {
  callId: string;
  direction: 'in' | 'out';
  peer: string;
  agent: string;
  from: number;
}

type Told = Record<string, unknown>;

export async function startSimulator(options: SimulatorOptions & { keep?: number } = {}): Promise<Simulator> {
  const now = options.now ?? (() => new Date());
  const step = options.deliveryStep ?? 40;
  const faults = new Faults(() => 'event');
  const timers = new Timers();
  const ledger = new Ledger(options.keep);
  const recordings = new Map<string, Uint8Array>();
  let next = now().getTime();
  let hook: string | null = null;
  let queue: Told[] = [];
  let posting = false;
  const server = await serve(({ url, headers, response }) => {
    const name = /^\/recordings\/([\w.-]+)$/.exec(url.pathname)?.[1];
    const given = Buffer.from(String(headers.authorization).replace(/^Basic /, ''), 'base64').toString();
    if (given !== login) return answerJson(response, 401, { error: 'Who are you?' });
    const body = name && recordings.get(name);
    if (!body) return answerJson(response, 404, { error: 'There is no such recording.' });
    response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': body.byteLength });
    response.end(body);
  }, options.port);

  function tell(event: Told): void {
    if (faults.take('event', ['drop'])) return;
    queue.push(event);
    if (queue.length > 1 && faults.take('event', ['reorder']))
      queue.splice(-2, 2, event, queue.at(-2) as Told);
    void post();
  }

  /** One by one, each until it is taken. */
  async function post(): Promise<void> {
    if (posting) return;
    posting = true;
    let failures = 0;
    while (hook && queue.length > 0) {
      const [event] = queue;
      const wrong = faults.take('event', ['wrongSignature']) !== null;
      const taken = event ? await postOne(hook, event, wrong) : true;
      if (taken && !faults.take('event', ['duplicate'])) queue = queue.filter((other) => other !== event);
      failures = taken ? 0 : failures + 1;
      const pause = Math.min(5000, step * 2 ** Math.min(failures, 8));
      if (!taken) await new Promise<void>((resolve) => timers.after(pause, resolve));
    }
    posting = false;
  }

  async function postOne(to: string, event: Told, wrong: boolean): Promise<boolean> {
    const body = JSON.stringify(event);
    const signature = createHmac('sha256', wrong ? 'another-key' : secret)
      .update(body)
      .digest('hex');
    try {
      const response = await fetch(to, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-yekja-signature': `sha256=${signature}` },
        body,
        signal: AbortSignal.timeout(10_000),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }

  function event(call: Call, name: string, more: { after: number } & Told): Told {
    const { after, ...rest } = more;
    const [from, to] = call.direction === 'in' ? [call.peer, ownNumber] : [ownNumber, call.peer];
    return {
      callId: call.callId,
      event: name,
      direction: call.direction,
      from,
      to,
      at: new Date(call.from + after * 1000).toISOString(),
      ...(call.agent ? { agent: call.agent } : {}),
      ...rest,
    };
  }

  /** A whole call: it rings ten seconds, and is spoken in as long as it is said. */
  function calls(peer: string, action: Record<string, unknown>): string {
    next += 1;
    const talked = Number(action.talked ?? 0);
    const disposition = String(action.disposition ?? (talked > 0 ? 'answered' : 'missed'));
    const call: Call = {
      callId: String(action.callId ?? `${Math.floor(next / 1000)}.${next % 1000}`),
      direction: action.direction === 'out' ? 'out' : 'in',
      peer,
      agent: String(action.agent ?? ''),
      from: now().getTime() - (10 + talked) * 1000,
    };
    const recording = action.recording instanceof Uint8Array ? `${call.callId}.wav` : null;
    if (recording) recordings.set(recording, action.recording as Uint8Array);
    const answered = talked > 0 && disposition === 'answered';
    const told = [
      event(call, 'ringing', { after: 0 }),
      ...(answered ? [event(call, 'answered', { after: 10 })] : []),
      event(call, 'ended', {
        after: 10 + talked,
        disposition,
        ...(answered ? { talked } : {}),
        ...(recording ? { recordingUrl: `${server.endpoint}/recordings/${recording}` } : {}),
        ...(action.name ? { name: action.name } : {}),
        ...(action.text ? { note: action.text } : {}),
      }),
    ];
    for (const one of action.backwards ? told.reverse() : told) tell(one);
    ledger.add(call.callId, {
      externalId: call.callId,
      direction: 'fromCustomer',
      peer,
      text: String(action.text ?? ''),
      files: [],
      at: now(),
      state: disposition,
    });
    return call.callId;
  }

  return {
    endpoint: server.endpoint,
    settings: {
      system: 'simulated-pbx',
      secret,
      recordings: `${server.endpoint}/recordings/`,
      recordingsLogin: login,
    },
    setHook(url) {
      hook = url;
      void post();
    },
    /** They call and reach nobody; what they would have said, the answering machine noted. */
    async customerWrites({ peer, name, text }) {
      return calls(peer, { text, ...(name ? { name } : {}) });
    },
    peer: (n) => `+982188${String(n).padStart(6, '0')}`,
    async act(action) {
      if (action.do !== 'call') throw new Error(`A telephone does not know '${action.do}'; only call.`);
      calls(action.peer, action);
    },
    messages: () => ledger.all().map((message) => ({ ...message })),
    fail(fault: Fault, faultOptions) {
      faults.plan(fault, faultOptions);
    },
    onSent: () => () => undefined,
    async close() {
      hook = null;
      timers.close();
      await server.close();
    },
  };
}
