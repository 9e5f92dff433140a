import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler } from 'express';
import { ConnectorError } from '../../connectors/connector.ts';
import { AppError, type ErrorBody, errorStatus } from '../../shared/errors.ts';
import type { Log } from '../log.ts';
import { Contended } from '../messages/commit.ts';

/** MongoDB's code, which the embedded engine answers with too. */
const OUT_OF_DISK_SPACE = 14031;

/** Any error as what its caller may know. What nobody foresaw is logged under an id that the caller can quote. */
export function errorBody(error: unknown, log: Log, about: Record<string, unknown>): ErrorBody {
  if (error instanceof AppError) {
    if (error.detail !== undefined) log.info({ ...about, detail: error.detail }, error.message);
    return error.body;
  }
  if (error instanceof ConnectorError) return connectorError(error);
  if (error instanceof Contended)
    return {
      code: 'unavailable',
      message: 'Others are changing the same thing. Try again.',
      retryAfter: 1,
    };
  const { type, name, message } = error as { type?: unknown; name?: unknown; message?: unknown };
  if (type === 'entity.too.large' || type === 'request.size.invalid')
    return { code: 'tooLarge', message: 'The request is too large.' };
  if (type === 'entity.parse.failed') return { code: 'invalid', message: 'The body is not valid JSON.' };
  if (typeof type === 'string' && /^(charset|encoding)\.unsupported$/.test(type))
    return { code: 'invalid', message: 'The body has an encoding that is not supported.' };
  if (type === 'request.aborted')
    return { code: 'invalid', message: 'The request ended before its body did.' };
  const { status } = error as { status?: unknown };
  if (status === 404 || status === 403) return { code: 'notFound', message: 'There is nothing here.' };
  if (status === 400) return { code: 'invalid', message: 'The request is not valid.' };
  if (error instanceof URIError) return { code: 'invalid', message: 'The address is not validly encoded.' };
  if (/^Mongo(Network|ServerSelection|PoolCleared|TopologyClosed|NotConnected)/.test(String(name))) {
    log.error({ ...about, err: error }, 'the database does not answer');
    return { code: 'unavailable', message: 'The database does not answer. Try again.', retryAfter: 2 };
  }
  if ((error as { code?: unknown }).code === OUT_OF_DISK_SPACE) {
    log.error({ ...about, err: error }, 'the disk of the database is full');
    return {
      code: 'unavailable',
      message:
        'The disk of the database is full: this could not be saved. Tell whoever looks after the server.',
      retryAfter: 30,
    };
  }
  const errorId = randomUUID().slice(0, 8);
  log.error({ ...about, errorId, err: error ?? new Error(String(message)) }, 'unexpected error');
  return { code: 'internal', message: 'Something went wrong here.', errorId };
}

/** What a provider said while somebody waited for it: a form's field where it names one. */
function connectorError(error: ConnectorError): ErrorBody {
  if (error.class === 'auth' || error.class === 'permanent' || error.class === 'windowClosed')
    return {
      code: 'invalid',
      message: error.message,
      fields: { [error.field ? `settings.${error.field}` : 'settings']: error.message },
    };
  return {
    code: 'unavailable',
    message: error.message,
    ...(error.retryAt
      ? { retryAfter: Math.max(1, Math.ceil((error.retryAt.getTime() - Date.now()) / 1000)) }
      : {}),
  };
}

/** The one place where errors become answers. */
export function errorHandler(log: Log): ErrorRequestHandler {
  return (error, request, response, next) => {
    const body = errorBody(error, log, { method: request.method, path: request.route?.path ?? 'unknown' });
    if (response.headersSent) return next(error);
    if (body.retryAfter) response.setHeader('Retry-After', String(body.retryAfter));
    response.status(errorStatus[body.code]).json(body);
  };
}
