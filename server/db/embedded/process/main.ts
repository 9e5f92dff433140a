import { parseArgs } from 'node:util';
import { type RunningEngine, startEngine, uriOf } from '../engine.ts';
import { EngineRunning } from './claim.ts';

/** Seconds without a client after which the engine leaves. */
const IDLE_SECONDS = 10;

/** The engine's own process: prints one line once it serves, or once it has found who does. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { path: { type: 'string' }, socket: { type: 'string' }, port: { type: 'string' } },
  });
  if (!values.path) throw new Error('--path DIR is missing: the data folder');
  if (values.socket === undefined && values.port === undefined)
    throw new Error('--socket PATH or --port N is missing: where to listen');
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65536))
    throw new Error(`--port ${values.port} is no port: a whole number from 0 to 65535`);
  // Whoever started the engine may be gone: what it printed to is no reason to fall.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  try {
    const running = await startEngine({
      path: values.path,
      ...(values.socket !== undefined && { socket: values.socket }),
      ...(port !== undefined && { port }),
    });
    leaveWhenAlone(running);
    console.log(`listening ${running.uri}`);
  } catch (error) {
    if (!(error instanceof EngineRunning)) throw error;
    console.log(`running ${uriOf(error.address)}`);
  }
}

function leaveWhenAlone(running: RunningEngine): void {
  let leaving = false;
  const leave = () => {
    if (leaving) return;
    leaving = true;
    running.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  let alone: NodeJS.Timeout | undefined;
  const watch = (open: number) => {
    clearTimeout(alone);
    if (open === 0) alone = setTimeout(leave, IDLE_SECONDS * 1000);
  };
  running.server.onConnections = watch;
  watch(running.server.connections);
  running.engine.store.onSuperseded = leave;
  process.on('SIGTERM', leave);
  process.on('SIGINT', leave);
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

main().catch(fail);
