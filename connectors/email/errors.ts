import { ConnectorError } from '../connector.ts';
import { networkError } from '../network.ts';
import type { Side } from './config.ts';

/** What imapflow puts on its errors. */
interface ImapFailure {
  code?: unknown;
  reason?: unknown;
  responseStatus?: unknown;
  responseText?: unknown;
  serverResponseCode?: unknown;
  authenticationFailed?: unknown;
  mailboxMissing?: unknown;
  message?: unknown;
}

/** What nodemailer puts on its errors. */
interface SmtpFailure {
  code?: unknown;
  originalCode?: unknown;
  command?: unknown;
  response?: unknown;
  responseCode?: unknown;
  message?: unknown;
}

/** RFC 5530: refused now, and not because of the name or password. */
const notTheCredentials = new Set(['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG', 'THROTTLED']);
const busy = /too many|simultaneous|try again|temporar|unavailable|internal error/i;
const noFolder = new Set(['NONEXISTENT', 'TRYCREATE']);
const hasteMs = 60_000;

/** What a failure on the receiving side is called. Nothing of it changed anything at the provider. */
export function imapError(
  error: unknown,
  options: { side: Side; now: Date; signal: AbortSignal; late?: boolean },
): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const { side, now, signal, late } = options;
  const failure = (error ?? {}) as ImapFailure;
  const { provider, fields } = side;
  if (signal.aborted || late)
    return new ConnectorError({
      class: 'retryable',
      code: 'timeout',
      message: `${provider} did not answer in time.`,
    });
  const refused = failure.responseStatus === 'NO' || failure.responseStatus === 'BAD';
  const word = words(failure.serverResponseCode).toUpperCase();
  const said = words(failure.responseText) || words(failure.reason);
  const saying = said ? `: ${said}` : '';
  if (failure.authenticationFailed && (refused || failure.responseStatus === undefined) && !failure.code) {
    if (notTheCredentials.has(word) || (word !== 'AUTHENTICATIONFAILED' && busy.test(said)))
      return new ConnectorError({
        class: 'retryable',
        code: word || 'busy',
        message: `${provider} lets nobody in at the moment${saying}.`,
      });
    if (/login is disabled/i.test(words(failure.message)))
      return new ConnectorError({
        class: 'permanent',
        code: 'LOGINDISABLED',
        field: fields.security,
        message: `${provider} lets nobody in without encryption: choose TLS or STARTTLS.`,
      });
    return new ConnectorError({
      class: 'auth',
      code: word || 'AUTHENTICATIONFAILED',
      field: fields.password,
      message: `${provider} refused the name or the password${saying}.`,
    });
  }
  if (refused) {
    if (word === 'THROTTLED' || word === 'LIMIT' || failure.code === 'ETHROTTLE')
      return new ConnectorError({
        class: 'rateLimited',
        code: word || 'ETHROTTLE',
        message: `${provider} asks for patience${saying}.`,
        retryAt: new Date(now.getTime() + hasteMs),
      });
    if (noFolder.has(word) || failure.mailboxMissing)
      return new ConnectorError({
        class: 'permanent',
        code: word || 'NONEXISTENT',
        field: 'folder',
        message: `${provider} has no such folder${saying}.`,
      });
    return new ConnectorError({
      class: 'retryable',
      code: word || words(failure.responseStatus),
      message: `${provider} refused what was asked${saying}.`,
    });
  }
  return tlsError(failure, side) ?? brokenOff(error, failure, side, saying);
}

function brokenOff(error: unknown, failure: ImapFailure, side: Side, saying: string): ConnectorError {
  const code = words(failure.code);
  // imapflow's own codes begin a word with a capital; Node's are in capitals.
  const known = /^E[A-Z]+$|^CERT_|_CERT|^ERR_/.test(code) && code !== 'ETIMEOUT';
  if (known) return networkError(error, { provider: side.provider, effect: false });
  return new ConnectorError({
    class: 'retryable',
    code: code || 'network',
    message: `The connection to ${lower(side.provider)} broke${saying}${code ? ` (${code})` : ''}.`,
  });
}

/**
 * What a failure on the sending side is called. `handedOver`: all of the mail had left us, so that without an answer nobody knows
 * whether it was taken. Before the last line of the mail a server may not take it (RFC 5321 4.1.1.4).
 */
export function smtpError(
  error: unknown,
  options: { side: Side; now: Date; signal: AbortSignal; handedOver: boolean },
): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const { side, now, signal, handedOver } = options;
  const failure = (error ?? {}) as SmtpFailure;
  const code = words(failure.code);
  const status = Number(failure.responseCode) || 0;
  // A time-out is not a refusal, even if the last thing heard was one.
  if (!signal.aborted && status >= 400) {
    if (code === 'ETLS') return noTls(side);
    return refusalOf(failure, { side, now, status });
  }
  const tls = signal.aborted ? null : tlsError({ ...failure, code: failure.originalCode ?? code }, side);
  if (tls) return tls;
  if (handedOver)
    return new ConnectorError({
      class: 'unknown',
      code: signal.aborted ? 'timeout' : words(failure.originalCode) || code || 'network',
      message: `${side.provider} took the whole mail and gave no answer: it may have accepted it or not.`,
    });
  if (signal.aborted)
    return new ConnectorError({
      class: 'retryable',
      code: 'timeout',
      message: `${side.provider} did not answer in time; nothing was sent.`,
    });
  if (code === 'EENVELOPE' || code === 'EMESSAGE' || code === 'EREQUIRETLS')
    return new ConnectorError({
      class: 'permanent',
      code,
      message: `${side.provider} cannot take this mail: ${words(failure.message)}.`,
    });
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return new ConnectorError({
      class: 'auth',
      code,
      field: side.fields.password,
      message: `${side.provider} offers no way to sign in that we know.`,
    });
  const network = words(failure.originalCode);
  return new ConnectorError({
    class: 'retryable',
    code: network || code || 'network',
    message: `${side.provider} could not be reached, or broke off before the mail (${network || code || 'network'}); nothing was sent.`,
  });
}

const haste = /\b4\.7\.\d+\b|\b4\.5\.3\b|rate|too many|throttl|limit|quota|slow down/i;

function refusalOf(
  failure: SmtpFailure,
  { side, now, status }: { side: Side; now: Date; status: number },
): ConnectorError {
  const said = words(failure.response);
  const base = { code: said.match(/^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/)?.[1] ?? String(status) };
  const auth = failure.code === 'EAUTH';
  if (auth && status >= 500)
    return new ConnectorError({
      ...base,
      class: 'auth',
      field: side.fields.password,
      message: `${side.provider} refused the name or the password: ${said}.`,
    });
  // A greylist says "try again" too; but it is about one mail, not about the account.
  if (status < 500 && !auth && haste.test(said) && !/grey|gray/i.test(said))
    return new ConnectorError({
      ...base,
      class: 'rateLimited',
      retryAt: new Date(now.getTime() + hasteMs),
      message: `${side.provider} asks for patience: ${said}.`,
    });
  return new ConnectorError({
    ...base,
    cause: failure,
    class: status < 500 ? 'retryable' : 'permanent',
    message: `${side.provider} ${status < 500 ? 'cannot take it now' : 'refused it'}: ${said}.`,
  });
}

/** Enhanced codes of RFC 3463 and the words of servers without them: there is nobody at this address. */
export function nobodyThere(said: string): boolean {
  return (
    /\b5\.1\.(1|2|3|6|10)\b|\b5\.2\.1\b/.test(said) ||
    (/^55[0-3]/.test(said) &&
      /(user|recipient|mailbox|address|account)[^.]{0,40}(unknown|not found|does ?n.t exist|invalid|rejected|disabled)|no such (user|recipient|address)|unknown (user|recipient)/i.test(
        said,
      ))
  );
}

function noTls(side: Side): ConnectorError {
  return new ConnectorError({
    class: 'permanent',
    code: 'noTls',
    field: side.fields.security,
    message: `${side.provider} offers no STARTTLS on this port: choose TLS from the start, or another port.`,
  });
}

const untrusted = /^CERT_|_CERT|CERTIFICATE|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH/;

function tlsError(failure: ImapFailure, side: Side): ConnectorError | null {
  const code = words(failure.code);
  if (/does not support STARTTLS/i.test(words(failure.message))) return noTls(side);
  if (untrusted.test(code))
    return new ConnectorError({
      class: 'retryable',
      code,
      field: side.fields.host,
      message: `The certificate of “${side.host}” cannot be trusted (${code}): nothing was sent to it.`,
    });
  // What answers is no TLS: another port, or another kind of encryption.
  if (
    code === 'EPROTO' ||
    code === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
    code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG'
  )
    return new ConnectorError({
      class: 'permanent',
      code,
      field: side.fields.security,
      message: `“${side.host}” does not speak TLS on port ${side.port}: choose another encryption or another port.`,
    });
  return null;
}

/** A server's words for a person: one line, not too long. */
function words(value: unknown): string {
  return typeof value === 'string'
    ? value
        // biome-ignore lint/suspicious/noControlCharactersInRegex: a server's answer may hold them, and an interface must not.
        .replace(/[\u0000-\u001F\u007F\s]+/g, ' ')
        .trim()
        .slice(0, 300)
        .replace(/[.\s]+$/, '')
    : '';
}

const lower = (provider: string): string => provider.charAt(0).toLowerCase() + provider.slice(1);
