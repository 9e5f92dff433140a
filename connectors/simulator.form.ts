import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import busboy from 'busboy';

export interface Upload {
  name: string;
  type: string;
  body: Buffer;
}

export interface Form {
  fields: Record<string, unknown>;
  uploads: Record<string, Upload>;
}

/** Parameters of a call to a simulator: JSON, form or multipart, with the query beneath them. */
export async function readForm(
  headers: IncomingHttpHeaders,
  body: Buffer,
  query: URLSearchParams,
): Promise<Form> {
  const type = headers['content-type'] ?? '';
  const fields: Record<string, unknown> = Object.fromEntries(query);
  if (type.startsWith('application/json')) {
    const value: unknown = body.length > 0 ? JSON.parse(body.toString('utf8')) : {};
    return { fields: { ...fields, ...(value as Record<string, unknown>) }, uploads: {} };
  }
  if (!type.startsWith('multipart/')) {
    return {
      fields: { ...fields, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) },
      uploads: {},
    };
  }
  const uploads: Record<string, Upload> = {};
  await new Promise<void>((resolve, reject) => {
    const parser = busboy({ headers, defParamCharset: 'utf8' });
    parser.on('field', (name, value) => {
      fields[name] = value;
    });
    parser.on('file', (name, stream, info) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        uploads[name] = { name: info.filename ?? name, type: info.mimeType, body: Buffer.concat(chunks) };
      });
    });
    parser.on('close', resolve);
    parser.on('error', reject);
    Readable.from([body]).pipe(parser);
  });
  return { fields, uploads };
}
