import type { MessageTemplate } from '../post.ts';

/** A template with its values, part by part and as the one text that the customer reads. */
export interface RenderedTemplate {
  header: string;
  body: string;
  footer: string;
  /** The parts that say something, an empty line between them. */
  text: string;
}

const slot = /\{\{\s*([1-9]\d?)\s*\}\}/g;

/** How many values a part wants: its slots are numbered from 1, and one number may stand in it more than once. */
export function slotsOf(part: string): number {
  let most = 0;
  for (const [, n] of part.matchAll(slot)) most = Math.max(most, Number(n));
  return most;
}

/**
 * The words that a template comes to. `values` are the header's first, then the body's; each of the two counts its slots anew. A
 * value that is not there, or is empty, leaves its slot as it is written, so that nobody overlooks it.
 */
export function renderTemplate(
  template: Pick<MessageTemplate, 'header' | 'body' | 'footer'>,
  values: readonly string[],
): RenderedTemplate {
  const before = slotsOf(template.header);
  const fill = (part: string, from: number) =>
    part.replace(slot, (written, n: string) => values[from + Number(n) - 1] || written);
  const header = fill(template.header, 0);
  const body = fill(template.body, before);
  const { footer } = template;
  return {
    header,
    body,
    footer,
    text: [header, body, footer].filter((part) => part.trim() !== '').join('\n\n'),
  };
}
