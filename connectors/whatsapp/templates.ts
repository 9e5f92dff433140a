import type { MessageTemplate } from '../../shared/post.ts';
import { slotsOf } from '../../shared/text/template.ts';
import type { ConnectorContext, OutboundTemplate } from '../connector.ts';
import { graph } from '../meta/client.ts';
import { type Json, list, object, text } from '../meta/json.ts';
import { refused } from '../meta/send.ts';
import { businessId } from './config.ts';
import { rules } from './errors.ts';

const fields = 'name,language,category,status,parameter_format,components';
const mostPages = 20;

/** A template as we can send it, with what its slots are called at WhatsApp. */
interface Read {
  template: MessageTemplate;
  /** In the order of values, header's first; null: they are numbered. */
  names: { header: (string | null)[]; body: (string | null)[] };
}

/** Those that are approved and whose every value is a text of ours to give. (Meta: Message Templates API) */
export async function templates(context: ConnectorContext): Promise<MessageTemplate[]> {
  const found: MessageTemplate[] = [];
  let after: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const asked = await ask(context, after ? { after } : {}, AbortSignal.timeout(30_000));
    found.push(...asked.items.flatMap((item) => read(item)?.template ?? []));
    after = asked.after;
    if (!after) break;
  }
  return found.sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.language < b.language ? -1 : 1,
  );
}

/** What stands in the slots of a template, as WhatsApp wants it: asked anew, for it may have been changed or paused since. */
export async function componentsOf(
  use: OutboundTemplate,
  context: ConnectorContext,
  signal: AbortSignal,
): Promise<Record<string, unknown>[]> {
  const { items } = await ask(context, { name: use.name }, signal);
  const found = items
    .flatMap((item) => read(item) ?? [])
    .find(({ template }) => template.name === use.name && template.language === use.language);
  if (!found)
    throw refused(
      '132001',
      `There is no approved template “${use.name}” in ${use.language} that can be sent from here.`,
    );
  const { header, body } = found.names;
  if (use.values.length !== header.length + body.length)
    throw refused(
      '132000',
      `The template “${use.name}” wants ${header.length + body.length} values by now; it has ${use.values.length}.`,
    );
  const part = (type: 'header' | 'body', names: (string | null)[], values: string[]) =>
    names.length === 0
      ? []
      : [
          {
            type,
            parameters: names.map((name, index) => ({
              type: 'text',
              ...(name ? { parameter_name: name } : {}),
              text: values[index] ?? '',
            })),
          },
        ];
  return [
    ...part('header', header, use.values.slice(0, header.length)),
    ...part('body', body, use.values.slice(header.length)),
  ];
}

async function ask(
  context: ConnectorContext,
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<{ items: Json[]; after: string | null }> {
  const { body } = await graph(context, {
    path: `/${businessId(context.settings)}/message_templates`,
    query: { fields, status: 'APPROVED', limit: '100', ...query },
    signal,
    rules,
  });
  const paging = object(body.paging);
  const after = paging?.next === undefined ? null : text(object(paging.cursors)?.after);
  return { items: list(body.data), after };
}

function read(item: Json): Read | null {
  const name = text(item.name);
  const language = text(item.language);
  if (!name || !language || item.status !== 'APPROVED') return null;
  const parts = new Map(list(item.components).map((part) => [text(part.type)?.toUpperCase() ?? '', part]));
  const header = parts.get('HEADER');
  const body = text(parts.get('BODY')?.text);
  // Pictures above, and links and codes made for one person, are not asked for here.
  if (!body || (header && text(header.format) !== 'TEXT') || wantsMore(parts.get('BUTTONS'))) return null;
  const named = text(item.parameter_format)?.toUpperCase() === 'NAMED';
  const above = numbered(text(header?.text) ?? '', named);
  const main = numbered(body, named);
  return {
    template: {
      name,
      language,
      category: text(item.category) ?? '',
      header: above.words,
      body: main.words,
      footer: text(parts.get('FOOTER')?.text) ?? '',
      values: above.names.length + main.names.length,
    },
    names: { header: above.names, body: main.names },
  };
}

function wantsMore(buttons: Json | undefined): boolean {
  return list(buttons?.buttons).some(
    (button) =>
      !/^(QUICK_REPLY|PHONE_NUMBER|URL)$/.test(text(button.type) ?? '') ||
      /\{\{/.test(text(button.url) ?? ''),
  );
}

/** Slots with names are numbered in their order, one that stands twice once. */
function numbered(words: string, named: boolean): { words: string; names: (string | null)[] } {
  if (!named) return { words, names: new Array<null>(slotsOf(words)).fill(null) };
  const names: string[] = [];
  const written = words.replace(/\{\{\s*([a-z0-9_]{1,60})\s*\}\}/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `{{${names.indexOf(name) + 1}}}`;
  });
  return { words: written, names };
}
