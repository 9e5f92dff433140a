import type { Attachment } from '../../../shared/message.ts';

/** Where a file is served; authorised by its conversation. What can do harm is only given to who insists. */
export const urlOf = (attachment: Attachment, download: boolean | 'insisted' = false) => {
  const path = `/api/files/${encodeURIComponent(attachment.id)}`;
  if (!download) return path;
  return `${path}?download=1${download === 'insisted' ? '&sure=1' : ''}`;
};
