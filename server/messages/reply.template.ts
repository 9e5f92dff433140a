import type { OutboundTemplate } from '../../connectors/connector.ts';
import type { MessageCreate } from '../../shared/message.ts';
import type { MessageTemplate, TemplateUse } from '../../shared/post.ts';
import { renderTemplate } from '../../shared/text/template.ts';
import { findChannel } from '../channels/channel.service.ts';
import { templatesOf } from '../channels/templates.ts';
import type { Context } from '../context.ts';
import { invalid } from './outgoing.ts';

/**
 * The template of a reply with the words it comes to; asked of the provider before the commit, which never waits for one.
 * @throws AppError 422 with the field: no such template, values too few or too many, a text or files beside it
 */
export async function readyTemplate(ctx: Context, create: MessageCreate): Promise<OutboundTemplate | null> {
  const { template: use, target } = create;
  if (!use || !target) return null;
  if (create.text.trim())
    throw invalid('text', 'A template is sent in place of a text: leave the text empty.');
  if (create.fileIds.length) throw invalid('fileIds', 'A template carries no files.');
  if (target.visibility === 'public') throw invalid('target.visibility', 'A template is sent in private.');
  const channel = await findChannel(ctx, target.channelId);
  const known = (await templatesOf(ctx, channel)).find(
    ({ name, language }) => name === use.name && language === use.language,
  );
  if (!known)
    throw invalid(
      'template.name',
      `There is no template “${use.name}” in ${use.language} that may be sent on “${channel.name}”.`,
    );
  return filledTemplate(known, use);
}

/** @throws AppError 422 template.values: too few, too many or empty */
export function filledTemplate(known: MessageTemplate, use: TemplateUse): OutboundTemplate {
  const filled = use.values.filter((value) => value.trim()).length;
  if (use.values.length !== known.values || filled !== known.values)
    throw invalid(
      'template.values',
      `This template wants ${known.values} values, and ${filled} of ${use.values.length} are filled in.`,
    );
  return { ...use, shown: renderTemplate(known, use.values).text };
}
