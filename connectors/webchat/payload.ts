import type { IdentityKind } from '../../shared/customer.ts';
import { type Json, list, object, text } from './json.ts';

/** What a visitor sent, as this server stores it: who they are was found out from their token, never from what they sent. */
export interface VisitorPayload {
  /** Ours; unique within the site. */
  visitorId: string;
  /** Minted by their widget; unique within the visitor. */
  id: string;
  text: string;
  /** Uploaded before, by this visitor. */
  files: {
    id: string;
    name: string;
    type: string;
    bytes: number | null;
    width: number | null;
    height: number | null;
  }[];
  /** ISO; our clock. */
  at: string;
  language: 'fa' | 'en';
  /** What they said or their site vouched for; empty: nothing. */
  name: string;
  /** Vouched for by the site's signature. */
  proves: { kind: IdentityKind; value: string; display: string }[];
}

/** @throws Error with a sentence on what is none of ours */
export function readPayload(bytes: Uint8Array): VisitorPayload {
  let value: Json | null;
  try {
    value = object(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    value = null;
  }
  if (!value) throw new Error('It is not a message of a visitor: it is no JSON object.');
  const visitorId = text(value.visitorId);
  const id = text(value.id);
  const at = text(value.at);
  if (!visitorId || !/^[\w-]{8,64}$/.test(visitorId))
    throw new Error('The message of a visitor does not say which visitor wrote it.');
  if (!id || id.length > 100) throw new Error('The message of a visitor has no usable id.');
  if (!at || Number.isNaN(Date.parse(at)))
    throw new Error('The message of a visitor does not say when it came.');
  return {
    visitorId,
    id,
    at,
    text: text(value.text) ?? '',
    files: list(value.files).map(fileOf),
    language: value.language === 'en' ? 'en' : 'fa',
    name: text(value.name) ?? '',
    proves: list(value.proves).map((entry) => ({ ...knownAs(entry), display: text(entry.display) ?? '' })),
  };
}

function fileOf(entry: Json): VisitorPayload['files'][number] {
  const id = text(entry.id);
  if (!id) throw new Error('A file of a visitor’s message has no id.');
  return {
    id,
    name: text(entry.name) ?? 'file',
    type: text(entry.type) ?? 'application/octet-stream',
    bytes: size(entry.bytes),
    width: size(entry.width),
    height: size(entry.height),
  };
}

const kinds: readonly unknown[] = ['siteUser', 'emailAddress', 'mobile'] satisfies IdentityKind[];

function knownAs(entry: Json): { kind: IdentityKind; value: string } {
  const value = text(entry.value);
  if (!kinds.includes(entry.kind) || !value || value.length > 600)
    throw new Error('The message of a visitor says in a way that is not known who they are.');
  return { kind: entry.kind as IdentityKind, value };
}

const size = (value: unknown) =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : null;
