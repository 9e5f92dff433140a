import type { Upload } from '../simulator.form.ts';
import type { World } from './simulator.ts';

type Action = Record<string, unknown>;

/** What a WhatsApp user does on the other side, as the webhook tells of it. */
export const deeds = {
  write: (world: World, peer: string, action: Action): string => {
    const words = String(action.text ?? '');
    const file = action.file as Upload | undefined;
    if (!file) return said(world, peer, { type: 'text', text: { body: words } }, { text: words });
    const family = /^image\//.test(file.type) ? 'image' : /^audio\//.test(file.type) ? 'audio' : 'document';
    const body = {
      id: world.graph.media.put(file),
      mime_type: file.type,
      ...(words ? { caption: words } : {}),
      ...(family === 'document' ? { filename: file.name } : {}),
    };
    return said(world, peer, { type: family, [family]: body }, { text: words, files: [file] });
  },
  reply: (world: World, peer: string, { text, externalId }: Action): string =>
    said(
      world,
      peer,
      { type: 'text', text: { body: String(text) }, context: { from: '989900000001', id: externalId } },
      { text: String(text) },
    ),
  reaction: (world: World, peer: string, { externalId, emoji }: Action): void => {
    tellMessage(world, peer, { type: 'reaction', reaction: { message_id: externalId, emoji: emoji ?? '' } });
  },
  location: (world: World, peer: string, { latitude, longitude }: Action): void => {
    said(world, peer, { type: 'location', location: { latitude, longitude } }, { text: '' });
  },
  contact: (world: World, peer: string, { phone }: Action): void => {
    const contact = { name: { formatted_name: 'A contact' }, phones: [{ phone }] };
    said(world, peer, { type: 'contacts', contacts: [contact] }, { text: '' });
  },
  button: (world: World, peer: string, { text, externalId }: Action): void => {
    const content = { type: 'button', button: { text, payload: text }, context: { id: externalId } };
    said(world, peer, content, { text: String(text) });
  },
  edit: (world: World, peer: string, { text, externalId }: Action): void => {
    const kept = world.graph.ledger.get(String(externalId));
    if (!kept) throw new Error(`There is no message ${String(externalId)} to edit.`);
    kept.text = String(text);
    const message = { type: 'text', text: { body: text } };
    tellMessage(world, peer, { type: 'edit', edit: { original_message_id: externalId, message } });
  },
  delete: (world: World, peer: string, { externalId }: Action): void => {
    tellMessage(world, peer, { type: 'revoke', revoke: { original_message_id: externalId } });
  },
  unsupported: (world: World, peer: string): void => {
    said(
      world,
      peer,
      { type: 'unsupported', errors: [{ code: 131_051, title: 'Message type unknown' }] },
      { text: '' },
    );
  },
  /** From the app on the shop's own telephone. */
  echo: (world: World, peer: string, { text }: Action): void => {
    const id = world.mint();
    const echo = {
      from: '989900000001',
      to: peer,
      id,
      timestamp: world.seconds(),
      type: 'text',
      text: { body: text },
    };
    world.tell({ message_echoes: [echo] }, 'smb_message_echoes');
  },
  /** The day of the window is over. */
  lapse: (world: World, peer: string): void => {
    world.heard.delete(peer);
  },
  block: (world: World, peer: string): void => {
    world.gone.add(peer);
  },
  unblock: (world: World, peer: string): void => {
    world.gone.delete(peer);
  },
};

function said(world: World, peer: string, content: Action, kept: { text: string; files?: Upload[] }): string {
  const id = tellMessage(world, peer, content);
  world.heard.set(peer, world.graph.now().getTime());
  world.graph.ledger.add(id, {
    externalId: id,
    direction: 'fromCustomer',
    peer,
    text: kept.text,
    files: (kept.files ?? []).map(({ name, type, body }) => ({ name, type, bytes: body.byteLength })),
    at: world.graph.now(),
    state: 'received',
  });
  return id;
}

/** Who hides their number is known by an id of this business alone. */
function tellMessage(world: World, peer: string, content: Action): string {
  const id = world.mint();
  const hidden = !/^\d/.test(peer);
  const name = world.names.get(peer) ?? 'WhatsApp user';
  const contact = hidden
    ? { profile: { name, username: 'hidden.one' }, user_id: peer }
    : { profile: { name }, wa_id: peer, user_id: `IR.${peer}` };
  const from = hidden ? { from_user_id: peer } : { from: peer, from_user_id: `IR.${peer}` };
  world.tell({ contacts: [contact], messages: [{ ...from, id, timestamp: world.seconds(), ...content }] });
  return id;
}
