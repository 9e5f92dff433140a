import type { Message } from '../../../shared/message.ts';

/** The customer said something in it, that their record can keep. */
export const isKept = ({ direction, kind, text, deletedAt }: Message): boolean =>
  kind === 'message' && direction === 'in' && text.trim() !== '' && !deletedAt;
