import { type GraphAnswered, no } from '../meta/simulator.graph.ts';

/** Templates of the simulated business: what can be sent from here, and what cannot. */
const templates = [
  {
    name: 'order_on_its_way',
    language: 'fa',
    status: 'APPROVED',
    category: 'UTILITY',
    parameter_format: 'POSITIONAL',
    components: [
      { type: 'HEADER', format: 'TEXT', text: 'سفارش {{1}}' },
      { type: 'BODY', text: '{{1}} گرامی، سفارش شما {{2}} می‌رسد.' },
      { type: 'FOOTER', text: 'فروشگاه نمونه' },
    ],
  },
  {
    name: 'hello_again',
    language: 'en',
    status: 'APPROVED',
    category: 'MARKETING',
    parameter_format: 'NAMED',
    components: [
      { type: 'BODY', text: 'Dear {{first_name}}, {{first_name}}! May we help with {{thing}}?' },
      { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Yes' }] },
    ],
  },
  {
    name: 'plain_words',
    language: 'fa',
    status: 'APPROVED',
    category: 'UTILITY',
    components: [{ type: 'BODY', text: 'سلام. هنوز می‌توانیم کمک کنیم؟' }],
  },
  {
    name: 'picture_above',
    language: 'fa',
    status: 'APPROVED',
    category: 'MARKETING',
    components: [
      { type: 'HEADER', format: 'IMAGE' },
      { type: 'BODY', text: 'حراج!' },
    ],
  },
  {
    name: 'one_time_code',
    language: 'fa',
    status: 'APPROVED',
    category: 'AUTHENTICATION',
    components: [
      { type: 'BODY', text: 'کد شما {{1}} است.' },
      { type: 'BUTTONS', buttons: [{ type: 'URL', url: 'https://example.com/?code={{1}}', text: 'Copy' }] },
    ],
  },
  {
    name: 'not_yet',
    language: 'fa',
    status: 'PENDING',
    category: 'UTILITY',
    components: [{ type: 'BODY', text: 'هنوز نه.' }],
  },
];

/** Two to a page, so that pages are read. */
const pageSize = 2;

export function listed(query: URLSearchParams): Record<string, unknown> {
  const [name, status] = [query.get('name'), query.get('status')];
  const all = templates.filter(
    (one) => (!name || one.name.includes(name)) && (!status || one.status === status),
  );
  const from = Number(query.get('after') ?? 0);
  const data = all.slice(from, from + pageSize);
  const end = from + data.length;
  return {
    data,
    paging: {
      cursors: { before: String(from), after: String(end) },
      ...(end < all.length ? { next: 'https://graph.facebook.com/next' } : {}),
    },
  };
}

interface Parameter {
  text?: string;
  parameter_name?: string;
}

/** What a call with a template comes to, refused where its values do not fit. */
export function rendered(use: Record<string, unknown>): { text: string } | { refused: GraphAnswered } {
  const language = (use.language as { code?: string } | undefined)?.code;
  const found = templates.find(
    (one) => one.name === use.name && one.language === language && one.status === 'APPROVED',
  );
  if (!found)
    return {
      refused: no(404, {
        code: 132_001,
        message: '(#132001) Template name does not exist in the translation',
        details: `template name (${String(use.name)}) does not exist in ${String(language)}`,
      }),
    };
  const given = (use.components ?? []) as { type: string; parameters?: Parameter[] }[];
  const parts: string[] = [];
  for (const part of found.components as { type: string; text?: string }[]) {
    if (!part.text) continue;
    const parameters = given.find(({ type }) => type.toUpperCase() === part.type)?.parameters ?? [];
    const slots = new Set([...part.text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name));
    const value = (name: string) =>
      parameters.find((one) => one.parameter_name === name)?.text ?? parameters[Number(name) - 1]?.text;
    if (parameters.length !== slots.size || [...slots].some((name) => !value(name ?? '')))
      return {
        refused: no(400, {
          code: 132_000,
          message: '(#132000) Number of parameters does not match the expected number of params',
        }),
      };
    parts.push(part.text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => value(name) ?? ''));
  }
  return { text: parts.join('\n\n') };
}
