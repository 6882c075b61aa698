import { MillraceError } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import type { BrokerFile } from '../../broker/node/config/broker-config.ts';
import type { ClusterHandle } from '../../broker/node/supervisor/cluster-handle.ts';
import { streamLogSink } from '../../host/json-log-sink.ts';
import { brokerSettingOptions, clusterSettingsOf } from '../broker-settings.ts';
import { brokersOf, brokersOption, clusterFolderOf, clusterFolderOption, preferredPorts } from '../cluster-folder.ts';
import type { Command, Invocation } from '../command.ts';
import { UsageError } from '../command.ts';
import { flagOption, listOption, textOption } from '../command-values.ts';
import { exitCode } from '../exit-code.ts';
import { userOf } from '../scram-user-option.ts';

type LogLevel = NonNullable<BrokerFile['logLevel']>;
const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** How often a start that takes long says who is late. */
const lateNoteMs = 5_000;

/** One port for each broker, or undefined when none are asked for. */
function portsOf(invocation: Invocation, brokers: number): readonly number[] | undefined {
  const text = textOption(invocation, 'ports');
  const ports = text?.split(',').map((part) => {
    const port = Number(part);
    if (part.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
    throw new UsageError(`--ports: expected ports from 0 to 65535 with commas, found "${text}"`);
  });
  if (ports && ports.length !== brokers)
    throw new UsageError(`--ports: expected ${brokers} ports, one for each broker, found "${text}"`);
  const twice = ports?.find((port, index) => port !== 0 && ports.indexOf(port) !== index);
  if (twice !== undefined)
    throw new UsageError(`--ports: expected a port of its own for each broker, found ${twice} twice`);
  return ports;
}

function logLevelOf(invocation: Invocation): LogLevel {
  const text = textOption(invocation, 'log-level') ?? 'info';
  const level = logLevels.find((known) => known === text);
  if (level) return level;
  throw new UsageError(`--log-level: expected ${logLevels.join(', ')}, found "${text}"`);
}

/** Says every few seconds which brokers are late and what each waits for; returns what ends that. */
function noteLate(cluster: ClusterHandle, { output }: Invocation): () => void {
  const begunMs = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - begunMs) / 1_000);
    for (const { id, state, waitsFor, lastError } of cluster.status().brokers)
      if (state !== 'ready') output.note(`waiting for broker ${id}: ${waitsFor ?? lastError ?? state} (${seconds} s)`);
  }, lateNoteMs);
  return () => clearInterval(timer);
}

/**
 * Waits for the brokers. When one ended or is far too late, those that are ready go on; without any the start has failed.
 * Resolves with whether all are ready; rejects with why none is.
 */
async function untilReady(cluster: ClusterHandle, invocation: Invocation): Promise<boolean> {
  const quiet = noteLate(cluster, invocation);
  try {
    await cluster.ready();
    return true;
  } catch (error) {
    const ready = cluster.status().brokers.filter(({ state }) => state === 'ready');
    if (ready.length === 0 || !(error instanceof MillraceError)) throw error;
    invocation.output.failure(error.code, `${error.message}; the other brokers go on`, error.details);
    return false;
  } finally {
    quiet();
  }
}

/** Resolves when the user ends the command. */
function untilEnded({ interrupted }: Invocation): Promise<void> {
  return new Promise((resolve) => {
    if (interrupted.aborted) resolve();
    interrupted.addEventListener('abort', () => resolve(), { once: true });
    process.once('SIGHUP', () => resolve());
  });
}

export const clusterStart: Command = {
  endsInOrder: true,
  positionals: [],
  options: {
    ...clusterFolderOption,
    ...brokersOption,
    host: { type: 'string', value: 'address', help: 'Where they listen; 127.0.0.1 by default' },
    ports: {
      type: 'string',
      value: 'a,b,c',
      help: 'One port a broker; the last ones by default, for a new cluster 9092, 9094, 9096 or free ones',
    },
    ...brokerSettingOptions,
    secure: {
      type: 'boolean',
      help: 'A new cluster with TLS, logins and ACLs: makes an authority, certificates and a first user, and says where they are',
    },
    'add-scram': {
      type: 'string',
      multiple: true,
      value: 'user',
      help: "A user of a new cluster, as Kafka's format takes it: SCRAM-SHA-512=[name=bob,password=secret]; may be repeated",
    },
    'in-process': { type: 'boolean', help: 'Run the brokers in this process instead of one process each' },
    'log-level': {
      type: 'string',
      value: 'level',
      help: 'debug, info, warn or error; info by default; logs go to <data>/broker-<n>.log',
    },
  },
  async run(invocation) {
    const { output } = invocation;
    const dataFolder = clusterFolderOf(invocation);
    const options = {
      brokers: brokersOf(invocation, dataFolder),
      dataFolder,
      secure: flagOption(invocation, 'secure'),
      addScram: listOption(invocation, 'add-scram').map(userOf),
      preferredPorts,
      inProcess: flagOption(invocation, 'in-process'),
      settings: clusterSettingsOf(invocation),
      logLevel: logLevelOf(invocation),
      log: createLog(streamLogSink(process.stderr)),
    };
    const ports = portsOf(invocation, options.brokers);
    const host = textOption(invocation, 'host');
    // Loaded when asked for: it brings the supervisor along.
    const { securedAccess, accessText } = await import('../secured-access.ts');
    const { startCluster } = await import('../../broker/node/supervisor/start-cluster.ts');
    const cluster = await startCluster({ ...options, ...(ports && { ports }), ...(host !== undefined && { host }) });
    const ended = untilEnded(invocation);
    let hasFailed = false;
    try {
      const isWhole = await Promise.race([untilReady(cluster, invocation), ended]);
      hasFailed = isWhole === false;
      const { bootstrapServers, clusterId, brokers } = cluster.status();
      const access = securedAccess(dataFolder);
      if (isWhole)
        output.result(
          { clusterId, bootstrapServers, brokers, ...(access && { security: access }) },
          `Cluster ${clusterId} is ready: ${bootstrapServers}\n${access ? accessText(access, bootstrapServers) : ''}Stop it with Ctrl+C or "millrace cluster stop".`,
        );
      await ended;
    } finally {
      await cluster.stop();
    }
    return hasFailed ? exitCode.failed : exitCode.ok;
  },
};
