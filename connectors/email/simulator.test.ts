import { contextOf } from '../contract.host.ts';
import { emailSuite, type MailProvider } from './email.suite.ts';
import { startSimulator } from './simulator.ts';

async function simulated(): Promise<MailProvider> {
  const simulator = await startSimulator({ deliveryStep: 5 });
  return {
    context: contextOf(simulator),
    async deliver(raw, at = new Date(), folder) {
      simulator.store[folder ? 'sent' : 'inbox'].add(raw, { at });
    },
    flags: async () => simulator.store.inbox.mails.map(({ flags }) => [...flags]),
    sent: async () => simulator.store.sent.mails.map(({ raw }) => raw),
    taken: () => simulator.taken(),
    fail: (fault) => simulator.fail(fault),
    refuse: (address, reply) => simulator.refuse(address, reply),
    renumber: async () => simulator.store.inbox.renumber(),
    close: () => simulator.close(),
  };
}

emailSuite('e-mail against its simulator', simulated);
