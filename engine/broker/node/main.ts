import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { MillraceError, messageOf } from '../../base/errors.ts';
import type { BrokerFile } from './config/broker-config.ts';
import type { RunningBroker } from './server/run-broker.ts';
import { runBroker } from './server/run-broker.ts';
import type { FromBroker, ToBroker } from './supervisor/process-messages.ts';

/*
 * A broker process. Its configuration comes over the IPC channel of a supervisor, or from the file named by `--config`
 * (`-`: standard input); never from the command line, as it holds the cluster's key. It tells `listening` and `ready` over
 * the channel, or as lines on standard output. It ends in order on SIGTERM, on `stop` and when its supervisor is gone.
 */

/** A stop without progress for this long is cut off: what is on disk is recovered at the next start. */
const stopStallMsMax = 6_000;
/** How often a broker that is not ready says what it waits for. */
const startProgressMs = 1_000;
/** Progress of a stop is told no more often than this. */
const stopProgressMs = 100;

/*
 * V8 answers every few tens of megabytes of new buffers with a full collection, whatever the heap holds: under load that was
 * half of a broker's CPU time, as each record passes through several short-lived buffers. With this flag buffers count like
 * other memory, and most of them are gone with the next cheap collection of young objects.
 */
setFlagsFromString('--external-memory-accounted-in-global-limit');

let running: Promise<RunningBroker> | undefined;
let stopping = false;

function tell(message: FromBroker): void {
  if (process.send) process.send(message, undefined, undefined, () => {});
  else if (message.type === 'failed') process.stderr.write(`${message.code}: ${message.message}\n`);
  else process.stdout.write(`${message.type}${message.type === 'listening' ? ` ${message.port}` : ''}\n`);
}

function fail(error: unknown): void {
  const code = error instanceof MillraceError ? error.code : 'BROKER_FAILED';
  tell({ type: 'failed', code, message: messageOf(error) });
  if (!(error instanceof MillraceError)) process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
  // The message above is on its way; nothing else keeps a broker that cannot work.
  setTimeout(() => process.exit(1), 50);
}

function start(file: BrokerFile): void {
  running = runBroker(file, { onFatal: fail });
  running.then((broker) => {
    tell({ type: 'listening', port: broker.port });
    const waiting = setInterval(() => {
      const left = stopping ? undefined : broker.unreadyReason();
      if (left !== undefined) tell({ type: 'progress', left });
    }, startProgressMs);
    broker.ready.then(() => {
      clearInterval(waiting);
      tell({ type: 'ready' });
      // Written here and not at the exit, which may be a kill.
      flushCompileCache();
    });
  }, fail);
}

async function stop(wholeCluster: boolean): Promise<void> {
  if (stopping) return;
  stopping = true;
  const cutOff = setTimeout(() => process.exit(1), stopStallMsMax).unref();
  let toldAtMs = 0;
  const onProgress = (left: string): void => {
    cutOff.refresh();
    if (!process.send || performance.now() - toldAtMs < stopProgressMs) return;
    toldAtMs = performance.now();
    tell({ type: 'progress', left });
  };
  try {
    const broker = await running;
    await broker?.stop({ wholeCluster, onProgress });
  } catch (error) {
    process.stderr.write(`could not stop in order: ${messageOf(error)}\n`);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
}

/** A broker that does not serve yet says nothing: whoever asks, asks again. */
async function tellReplicas(): Promise<void> {
  const lacking = (await running)?.lackingReplicas();
  if (lacking !== undefined) tell({ type: 'replicas', lacking });
}

function configFromArguments(): BrokerFile {
  const at = process.argv.indexOf('--config');
  const path = at === -1 ? undefined : process.argv[at + 1];
  if (path === undefined)
    throw new MillraceError('BROKER_CONFIG_MISSING', 'expected --config <file> (or - for standard input), found none');
  const text = readFileSync(path === '-' ? 0 : path, 'utf8');
  try {
    return JSON.parse(text) as BrokerFile;
  } catch (cause) {
    throw new MillraceError('BROKER_CONFIG_INVALID', `expected JSON in ${path}: ${messageOf(cause)}`, { cause });
  }
}

process.on('SIGTERM', () => stop(false));
if (process.send) {
  // Ctrl+C reaches the whole group; the supervisor decides about its brokers.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => stop(true));
  process.on('message', (message: ToBroker) => {
    if (message.type === 'start') start(message.file);
    else if (message.type === 'replicas') void tellReplicas();
    else stop(message.wholeCluster);
  });
} else {
  process.on('SIGINT', () => stop(false));
  try {
    start(configFromArguments());
  } catch (error) {
    fail(error);
  }
}
