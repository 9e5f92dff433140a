import { withoutBidiControls } from '../../shared/text/normalise.ts';

/** Names of attachments, as they may be shown and saved. */

const extensions: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/ms-tnef': 'dat',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/csv': 'csv',
  'text/vcard': 'vcf',
  'text/rfc822-headers': 'txt',
  'message/rfc822': 'eml',
  'message/delivery-status': 'txt',
  'message/disposition-notification': 'txt',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/amr': 'amr',
  'video/mp4': 'mp4',
};

const maxName = 150;

/** @param part counted from 0; it names what has no name of its own. */
export function fileName(written: string | null, type: string, part: number): string {
  const clean = withoutBidiControls(written ?? '')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, '')
    // Somebody's own folders say nothing here, and lead out of ours.
    .replace(/^.*[\\/]/s, '')
    .replace(/[:*?"<>|]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  if (clean === '' && /calendar$|\/ics$/.test(type)) return 'invite.ics';
  if (clean === '') return `attachment-${part + 1}.${extensions[type] ?? 'bin'}`;
  if (clean.length <= maxName) return clean;
  const extension = /\.[^.]{1,10}$/.exec(clean)?.[0] ?? '';
  return `${[...clean].slice(0, maxName - extension.length).join('')}${extension}`;
}
