import pino, { type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** Whatever stands under such a name is never written: secrets, and what people wrote. */
const secretNames =
  /^(.*(secret|password|passwd|token|apikey|api_key|authorization|cookie|credential).*|settings|text|body|payload|caption)$/i;

/** Secrets that travel inside other words: a bot's token or an API key in a URL, a hook's path, a session's cookie. */
const secretShapes: [RegExp, string][] = [
  [/bot\d+:[\w-]+/g, 'bot[redacted]'],
  [/\b\d{6,12}:[\w-]{30,}/g, '[redacted]'],
  [/(\/v1\/)[\w%-]{16,}/g, '$1[redacted]'],
  [/(\/hooks\/)[\w-]+/g, '$1[redacted]'],
  // The id of a raw event begins with its hook's.
  [/(?<![\w-])[\w-]{32}(?=:[^\s"])/g, '[hook]'],
  [/(session=)[^;\s"\\]+/g, '$1[redacted]'],
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@"\\]+:)[^\s@/"\\]+@/gi, '$1[redacted]@'],
];

/** A sentence without secrets. */
export function scrub(text: string): string {
  let clean = text;
  for (const [shape, stand] of secretShapes) clean = clean.replace(shape, stand);
  return clean;
}

const deepest = 6;

/** Data as the log may keep it. */
export function scrubData(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrub(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth > deepest) return '[deeper]';
  if (value instanceof Error) return scrubError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => scrubData(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretNames.test(name) && inner !== null && inner !== undefined && typeof inner !== 'boolean'
        ? '[redacted]'
        : scrubData(inner, depth + 1),
    ]),
  );
}

function scrubError(error: Error, depth: number): Record<string, unknown> {
  const { code, class: kind } = error as { code?: unknown; class?: unknown };
  return {
    type: error.name,
    message: scrub(error.message),
    ...(code !== undefined ? { code: scrubData(code, depth + 1) } : {}),
    ...(typeof kind === 'string' ? { class: kind } : {}),
    ...(error.stack ? { stack: scrub(error.stack) } : {}),
    ...(error.cause !== undefined ? { cause: scrubData(error.cause, depth + 1) } : {}),
  };
}

/** @param destination where lines go; standard output when absent. */
export function createLog(options: { level: string }, destination?: DestinationStream): Log {
  const out = destination ?? pino.destination({ dest: 1, sync: false });
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (data) => scrubData(data) as Record<string, unknown>,
      },
      serializers: { err: (error: unknown) => scrubData(error) },
    },
    // The whole line once more: a child's bindings and the sentence itself pass no formatter.
    { write: (line) => out.write(scrub(line)) },
  );
}
