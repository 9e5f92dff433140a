import type { Capabilities } from '../../../shared/connector.ts';
import { maxUploadBytes } from '../../../shared/message.ts';
import type { Upload } from '../../state/uploads.ts';

export type Limits = NonNullable<Capabilities['attachments']>;

/** Files of a note go to nobody but colleagues: only our own limit holds. */
const noteLimits: Limits = { maxBytes: maxUploadBytes, types: [], perMessage: 10 };

/** What may be attached: the channel's limits within our own; null when it carries no files. */
export function limitsOf(note: boolean, capabilities: Capabilities | undefined): Limits | null {
  if (note) return noteLimits;
  const limits = capabilities?.attachments ?? null;
  return limits && { ...limits, maxBytes: Math.min(limits.maxBytes, maxUploadBytes) };
}

/** Why a channel does not take a file, or null. */
export function refusal(
  file: { size: number; type: string },
  taken: number,
  limits: Limits,
): 'tooMany' | 'tooLarge' | 'type' | 'empty' | null {
  if (file.size === 0) return 'empty';
  if (taken >= limits.perMessage) return 'tooMany';
  if (file.size > limits.maxBytes) return 'tooLarge';
  const fits = limits.types.some((type) =>
    type.endsWith('/*') ? file.type.startsWith(type.slice(0, -1)) : type === file.type,
  );
  return limits.types.length === 0 || fits ? null : 'type';
}

/** The first of the files that the channel chosen meanwhile does not take, and why. */
export function misfit(
  uploads: readonly Upload[],
  limits: Limits | null,
): { upload: Upload; why: 'none' | 'tooMany' | 'tooLarge' | 'type' | 'empty' } | null {
  for (const [at, upload] of uploads.entries()) {
    // Of a file that is here already the size may not be told.
    const size = upload.attachment ? Math.max(1, upload.bytes) : upload.bytes;
    const why = limits ? refusal({ size, type: upload.type }, at, limits) : 'none';
    if (why) return { upload, why };
  }
  return null;
}
