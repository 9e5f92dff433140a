import { createHmac, randomUUID } from 'node:crypto';
import type { VisitorMessage } from '../../shared/visitor.ts';
import type { Fault, Simulator, SimulatorOptions } from '../connector.ts';
import { Faults, Ledger, SentListeners, Timers } from '../simulator.ts';
import { Outbox, type Writing } from './simulator.outbox.ts';
import { SimulatedVisitor } from './simulator.visitor.ts';

/** More open windows than this are not kept: who was quiet longest leaves the page. */
const mostOnline = 25;

const faultsOfPosts: readonly Fault[] = ['duplicate', 'resetAfterAccept', 'reorder', 'drop'];

interface Peer {
  visitor: SimulatedVisitor;
  outbox: Outbox;
  usedAt: number;
}

/**
 * Visitors at a site's pages. There is no provider between them and us: they speak to our own public address, over real HTTP and sockets,
 * and go on trying when it is away, as a browser does. What they write before they know that address waits with them.
 */
export async function startSimulator(options: SimulatorOptions & { keep?: number } = {}): Promise<Simulator> {
  const now = options.now ?? (() => new Date());
  const step = options.deliveryStep ?? 50;
  const faults = new Faults(() => 'messages');
  const ledger = new Ledger(options.keep);
  const listeners = new SentListeners();
  const timers = new Timers();
  const peers = new Map<string, Peer>();
  const secret = 'a-secret-of-the-simulated-site';
  const site = 'simulated-shop';
  let url: string | null = null;
  let uses = 0;

  function peerOf(name: string): Peer {
    uses += 1;
    const known = peers.get(name);
    if (known) {
      known.usedAt = uses;
      return known;
    }
    const visitor = new SimulatedVisitor({
      url: url ?? 'http://nowhere.invalid',
      site,
      hears: (message) => hear(name, message),
    });
    const outbox = new Outbox({
      visitor,
      faults: () => faults.take('messages', faultsOfPosts)?.fault ?? null,
    });
    const peer: Peer = { visitor, outbox, usedAt: uses };
    peers.set(name, peer);
    if (url) outbox.open();
    const online = [...peers.values()].filter((one) => one.visitor.online);
    if (online.length >= mostOnline) online.sort((a, b) => a.usedAt - b.usedAt)[0]?.visitor.leave();
    return peer;
  }

  /** What the team wrote is here once, however often it is heard; then it was seen. */
  function hear(peer: string, message: VisitorMessage): void {
    const { visitor } = peerOf(peer);
    if (message.from !== 'team') return;
    const known = ledger.get(message.id);
    const record = {
      externalId: message.id,
      direction: 'toCustomer' as const,
      peer,
      text: message.text,
      files: message.files.map(({ name, type, bytes }) => ({ name, type, bytes: bytes ?? 0 })),
      at: new Date(message.at),
      state: message.deleted ? 'deleted' : 'delivered',
    };
    if (known) {
      Object.assign(known, record);
      return;
    }
    ledger.add(message.id, record);
    listeners.tell(record);
    visitor.arrived();
    timers.after(step, () => visitor.seen());
  }

  async function write(peer: string, writing: Writing): Promise<string> {
    ledger.add(writing.id, {
      externalId: writing.id,
      direction: 'fromCustomer',
      peer,
      text: writing.text,
      files: writing.file ? [{ ...writing.file, bytes: writing.file.body.byteLength }] : [],
      at: now(),
      state: 'written',
    });
    peerOf(peer).outbox.add(writing);
    return writing.id;
  }

  return {
    // There is no provider: it is we whom they speak to.
    endpoint: '',
    settings: {
      site,
      name: 'Example Shop',
      allowedOrigins: 'https://shop.example',
      identitySecret: secret,
      visitorsPerHour: 1_000_000,
    },
    setHook(hook) {
      url = hook && new URL(hook).origin;
      for (const { visitor, outbox } of peers.values()) {
        if (!url) continue;
        visitor.moveTo(url);
        outbox.open();
      }
    },
    customerWrites: ({ peer, name, text, file }) =>
      write(peer, { id: randomUUID(), name: name ?? '', text, ...(file ? { file } : {}) }),
    peer: (n) => `visitor-${n}`,
    async act(action) {
      const { visitor, outbox } = peerOf(action.peer);
      const said = (field: string) => String(action[field] ?? '');
      switch (action.do) {
        case 'contact':
          return outbox.leave({ name: said('name'), email: said('email'), mobile: said('mobile') });
        case 'identify': {
          const user = {
            userId: said('userId'),
            name: said('name'),
            email: said('email'),
            mobile: said('mobile'),
          };
          const { userId, name, email, mobile } = user;
          const signed = JSON.stringify([userId, name, email, mobile]);
          visitor.user = { ...user, hash: createHmac('sha256', secret).update(signed).digest('hex') };
          return outbox.beginAgain();
        }
        case 'leave':
          return visitor.leave();
        case 'return':
          return outbox.beginAgain();
        case 'typing':
          return visitor.typing();
        default:
          throw new Error(`A simulated visitor does not know how to ${action.do}.`);
      }
    },
    messages: () => ledger.all().map((message) => ({ ...message })),
    fail: (fault, faultOptions) => faults.plan(fault, faultOptions),
    onSent: (listener) => listeners.add(listener),
    async close() {
      timers.close();
      await Promise.all([...peers.values()].map(({ outbox }) => outbox.close()));
      for (const { visitor } of peers.values()) visitor.leave();
    },
  };
}
