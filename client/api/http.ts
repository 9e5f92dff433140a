import { AppError, type ErrorBody, errorStatus } from '../../shared/errors.ts';

/** The server could not be reached, or did not answer in time: what was asked may or may not have been done. */
export class NetworkError extends Error {
  readonly timedOut: boolean;

  constructor(timedOut: boolean, cause?: unknown) {
    super(timedOut ? 'The server did not answer in time.' : 'The server could not be reached.', { cause });
    this.name = 'NetworkError';
    this.timedOut = timedOut;
  }
}

export interface HttpOptions {
  fetch: typeof globalThis.fetch;
  /**
   * The session is over. Resolves when the person has signed in again (the call is then made once more: a refused call
   * did nothing), or with false when there is nobody to ask.
   */
  signInAgain: () => Promise<boolean>;
  pause?: (ms: number) => Promise<void>;
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  body?: unknown;
  query?: Record<string, string | number | boolean | null | undefined>;
  signal?: AbortSignal;
  /** Milliseconds until the call is given up. */
  patience?: number;
  /** A 401 is the answer itself (signing in, asking who is signed in). */
  anonymous?: boolean;
}

const patience = 15_000;
/** Milliseconds before a read is tried again. */
const pauses = [300, 1_200];

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The error that the server threw, as the same class; anything that is none of ours is `internal`. */
export async function errorFrom(response: Response): Promise<AppError> {
  const body: unknown = await response.json().catch(() => null);
  if (isErrorBody(body)) return new AppError(body);
  const code = Object.entries(errorStatus).find(([, status]) => status === response.status)?.[0];
  return new AppError({
    code: (code ?? (response.status >= 502 ? 'unavailable' : 'internal')) as ErrorBody['code'],
    message: `The server answered ${response.status}.`,
  });
}

function isErrorBody(body: unknown): body is ErrorBody {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    typeof body.code === 'string' &&
    body.code in errorStatus
  );
}

export function pathOf(path: string, query: Call['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}

/** The only way to the HTTP API: JSON in and out, errors of the shared family, patience with an end. */
export class Http {
  readonly #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /** Only reads are tried again by themselves; a write is repeated by whoever knows that it may be. */
  async call<T>(path: string, call: Call = {}): Promise<T> {
    const again = (call.method ?? 'GET') === 'GET' ? pauses : [];
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#once<T>(path, call);
      } catch (error) {
        const wait = again[attempt];
        if (wait === undefined || call.signal?.aborted || !isPassing(error)) throw error;
        await (this.#options.pause ?? sleep)(wait);
      }
    }
  }

  async #once<T>(path: string, call: Call, renewed = false): Promise<T> {
    const response = await this.#fetch(path, call);
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
    const error = await errorFrom(response);
    if (error.code !== 'unauthenticated' || call.anonymous || renewed) throw error;
    if (!(await this.#options.signInAgain())) throw error;
    return this.#once<T>(path, call, true);
  }

  async #fetch(path: string, call: Call): Promise<Response> {
    const timeout = AbortSignal.timeout(call.patience ?? patience);
    try {
      return await this.#options.fetch(pathOf(path, call.query), {
        method: call.method ?? 'GET',
        credentials: 'same-origin',
        signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
        ...(call.body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(call.body),
        }),
      });
    } catch (cause) {
      if (call.signal?.aborted) throw cause;
      throw new NetworkError(timeout.aborted, cause);
    }
  }
}

/** A failure that says nothing about the request: the same may succeed a moment later. */
export function isPassing(error: unknown): boolean {
  if (error instanceof NetworkError) return true;
  return error instanceof AppError && ['unavailable', 'internal', 'tooMany'].includes(error.code);
}
