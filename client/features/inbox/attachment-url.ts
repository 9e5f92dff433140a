import type { Attachment } from '../../../shared/message.ts';

/** Where a file is served; authorised by its conversation. */
export const urlOf = (attachment: Attachment, download = false) =>
  `/api/files/${encodeURIComponent(attachment.id)}${download ? '?download=1' : ''}`;
