import { KavenegarApi } from 'kavenegar';
import { type ConnectorContext, ConnectorError } from '../connector.ts';
import { networkError } from '../network.ts';
import { Patience, refusal } from './catalog.ts';
import { apiKey, defaultEndpoint } from './config.ts';

export type Row = Record<string, unknown>;
type Api = ReturnType<typeof KavenegarApi>;

/** Longest wait for a call that only reads; a send brings its own signal. */
const readTimeout = 30_000;

interface Call {
  /** The call would change something: without an answer its outcome is unknown. */
  effect: boolean;
  signal: AbortSignal;
}

/** Kept for the channel, not for the call: a refusal for haste must be remembered by the next one. */
const patience = new Map<string, Patience>();

/**
 * The `kavenegar` package with its `request` replaced: the package itself speaks plain HTTP on port 80, has no time-out, and calls
 * a callback that threw a second time. All of its methods go through `request`.
 */
export class KavenegarClient {
  private readonly patience: Patience;

  constructor(private readonly context: ConnectorContext) {
    this.patience = patience.get(context.channelId) ?? new Patience();
    patience.set(context.channelId, this.patience);
  }

  send(
    params: { receptor: string; message: string; sender: string; localid: string },
    signal: AbortSignal,
  ): Promise<Row[]> {
    return this.call((api) => api.Send(params), { effect: true, signal });
  }

  statusByLocalId(localid: string, signal: AbortSignal): Promise<Row[]> {
    return this.call((api) => api.StatusLocalMessageid({ localid }), { effect: false, signal });
  }

  /** At most 500 ids. */
  status(ids: readonly string[], signal: AbortSignal): Promise<Row[]> {
    return this.call((api) => api.Status({ messageid: ids.join(',') }), { effect: false, signal });
  }

  /** With `isread: 0` a destructive read: the rows count as read from now on. At most 100 of them. */
  receive(params: { linenumber: string; isread: 0 | 1 }, signal: AbortSignal): Promise<Row[]> {
    return this.call((api) => api.Receive(params), { effect: false, signal });
  }

  /** Everything that came in between two moments (unix seconds) at most two days apart, read or not, 200 rows a page. */
  inboxPaged(
    params: { linenumber: string; startdate: number; enddate: number; pagenumber: number },
    signal: AbortSignal,
  ): Promise<Row[]> {
    return this.call((api) => api.request('sms', 'inboxpaged', { ...params, pagesize: 200 }), {
      effect: false,
      signal,
    });
  }

  accountInfo(signal: AbortSignal): Promise<Row[]> {
    return this.call((api) => api.AccountInfo({}), { effect: false, signal });
  }

  private call(invoke: (api: Api) => void, call: Call): Promise<Row[]> {
    const signal = call.effect
      ? call.signal
      : AbortSignal.any([call.signal, AbortSignal.timeout(readTimeout)]);
    return new Promise((resolve, reject) => {
      const api = KavenegarApi({ apikey: apiKey(this.context.settings) });
      api.request = (action, method, params) => {
        this.post(`${action}/${method}`, params, { ...call, signal }).then(resolve, reject);
      };
      invoke(api);
    });
  }

  private async post(method: string, params: Record<string, string | number>, call: Call): Promise<Row[]> {
    const base = (this.context.endpoint ?? defaultEndpoint).replace(/\/+$/, '');
    const key = encodeURIComponent(apiKey(this.context.settings));
    if (call.signal.aborted) {
      throw new ConnectorError({
        class: 'retryable',
        code: 'aborted',
        message: 'The call was stopped before it began.',
      });
    }
    let status: number;
    let text: string;
    try {
      const response = await this.context.fetch(`${base}/v1/${key}/${method}.json`, {
        method: 'POST',
        body: new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)])),
        redirect: 'manual',
        signal: call.signal,
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      throw networkError(error, { provider: 'Kavenegar', ...call });
    }
    return this.read(status, text, call);
  }

  /** The body's own status counts; the HTTP status is often the same, and stands in when the body is none of Kavenegar's. */
  private read(httpStatus: number, text: string, call: Call): Row[] {
    const body = parse(text);
    const said =
      body && typeof body.return === 'object' && body.return !== null
        ? (body.return as Row).status
        : undefined;
    if (body && typeof said === 'number') {
      if (said !== 200) throw refusal(said, { now: this.context.now(), patience: this.patience });
      this.patience.succeeded();
      return rows(body.entries);
    }
    if (httpStatus >= 400 && httpStatus < 500) {
      throw refusal(httpStatus, { now: this.context.now(), patience: this.patience });
    }
    throw new ConnectorError({
      class: call.effect ? 'unknown' : 'retryable',
      code: `http${httpStatus}`,
      message: `Something between us and Kavenegar answered with HTTP ${httpStatus} and no Kavenegar answer${
        call.effect ? ': it may have taken the message or not' : ''
      }.`,
    });
  }
}

function parse(text: string): Row | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Row) : null;
  } catch {
    return null;
  }
}

/** Some methods answer with one object where others have a list. */
export function rows(entries: unknown): Row[] {
  const list = Array.isArray(entries) ? entries : [entries];
  return list.filter((row): row is Row => row !== null && typeof row === 'object' && !Array.isArray(row));
}
