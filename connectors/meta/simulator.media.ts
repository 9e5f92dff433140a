import { createHash } from 'node:crypto';
import type { Upload } from '../simulator.form.ts';
import type { Incoming } from '../simulator.ts';

const minute = 60_000;

/** Meta's shelf of media: links that end after some minutes, asked for anew by the media's id. */
export class MediaShelf {
  /** Set once the server listens. */
  endpoint = '';
  private readonly files = new Map<string, Upload>();
  private next: number;

  constructor(
    private readonly options: {
      now: () => Date;
      keep: number;
      /** How long a link lasts. */
      minutes?: number;
      /** Whether the link wants the token as well, as WhatsApp's do. */
      token?: boolean;
    },
  ) {
    this.next = Math.floor(options.now().getTime());
  }

  put(file: Upload): string {
    const id = String(this.next++);
    this.files.set(id, file);
    for (const old of this.files.keys()) {
      if (this.files.size <= this.options.keep) break;
      this.files.delete(old);
    }
    return id;
  }

  get(id: string): Upload | undefined {
    return this.files.get(id);
  }

  /** A link that holds from now on for some minutes. */
  link(id: string): string {
    const until = this.options.now().getTime() + (this.options.minutes ?? 5) * minute;
    return `${this.endpoint}/media/${id}?oe=${until.toString(16)}`;
  }

  sha256(id: string): string {
    return createHash('sha256')
      .update(this.files.get(id)?.body ?? '')
      .digest('hex');
  }

  serves(url: URL): boolean {
    return /^\/media\/\d+$/.test(url.pathname);
  }

  give({ url, headers, response }: Incoming, accessToken: string): void {
    const file = this.files.get(url.pathname.split('/')[2] ?? '');
    const until = Number.parseInt(url.searchParams.get('oe') ?? '0', 16);
    const refused = this.options.token === true && headers.authorization !== `Bearer ${accessToken}`;
    if (refused || !(until > this.options.now().getTime()) || !file) {
      response.writeHead(refused ? 401 : file ? 403 : 404, { 'content-type': 'text/plain' });
      response.end(file ? 'URL signature expired' : 'Content not found');
      return;
    }
    response.writeHead(200, { 'content-type': file.type, 'content-length': file.body.byteLength });
    response.end(file.body);
  }
}
