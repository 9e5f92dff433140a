import { ConnectorError } from '../../connectors/connector.ts';
import type { Context } from '../context.ts';

/** What a connector's own answer to the abort may take, as a part of the time-out. */
const graceShare = 10;

/**
 * One call to a provider, dropped at its time-out whatever the connector does: then, if it could not say for itself how far the
 * request came, its outcome is unknown.
 * @throws ConnectorError always of that family: what a connector throws beside it is a fault of ours, with an unknown outcome
 */
export async function callProvider<T>(
  ctx: Pick<Context, 'log'>,
  options: { timeout: number; call: (signal: AbortSignal) => Promise<T> },
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const dropped = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      timer = setTimeout(() => reject(timedOut(options.timeout)), options.timeout / graceShare);
    }, options.timeout);
  });
  try {
    return await Promise.race([options.call(controller.signal), dropped]);
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    ctx.log.error({ err: error }, 'a connector failed outside its error family');
    throw new ConnectorError({
      class: 'unknown',
      code: 'fault',
      message:
        'The connector failed in a way it does not know itself: the provider may have the message or not.',
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

function timedOut(ms: number): ConnectorError {
  return new ConnectorError({
    class: 'unknown',
    code: 'timeout',
    message: `The provider did not answer within ${Math.round(ms / 100) / 10} s: it may have the message or not.`,
  });
}

/** The error as it is kept with the message. */
export function kept({ class: kind, code, message }: ConnectorError) {
  return { class: kind, code, message };
}
