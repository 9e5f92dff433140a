import { ConnectorError } from './connector.ts';

/** Nothing of the request can have reached the provider: there was no connection, or no name, or no trust in it. */
const beforeTheFirstByte = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * What a failed call without an answer means. `effect`: the call would have changed something at the provider, so that after its
 * first byte nobody knows; a call that only reads is simply made again.
 */
export function networkError(
  cause: unknown,
  options: { provider: string; effect: boolean; signal?: AbortSignal },
): ConnectorError {
  const { code, syscall } = networkCode(cause);
  if (options.signal?.aborted) {
    return new ConnectorError({
      class: options.effect ? 'unknown' : 'retryable',
      code: 'timeout',
      message: `${options.provider} did not answer in time.`,
    });
  }
  const before = beforeTheFirstByte.has(code) || syscall === 'connect' || syscall === 'getaddrinfo';
  if (before || !options.effect) {
    return new ConnectorError({
      class: 'retryable',
      code,
      message: before
        ? `${options.provider} could not be reached (${code}).`
        : `The connection to ${options.provider} broke before its answer (${code}).`,
    });
  }
  return new ConnectorError({
    class: 'unknown',
    code,
    message: `The connection to ${options.provider} broke before its answer (${code}): it may have taken the message or not.`,
  });
}

/** Node's code of a network failure, however deep fetch wrapped it. Messages are left behind: they may hold URLs with keys. */
function networkCode(cause: unknown): { code: string; syscall?: string } {
  let current = cause;
  for (let depth = 0; depth < 5 && current !== null && typeof current === 'object'; depth += 1) {
    const { code, syscall } = current as { code?: unknown; syscall?: unknown };
    if (typeof code === 'string' && code !== '') {
      return { code, ...(typeof syscall === 'string' ? { syscall } : {}) };
    }
    current = (current as { cause?: unknown }).cause;
  }
  return { code: 'network' };
}
