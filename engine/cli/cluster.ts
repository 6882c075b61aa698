import { parseArgs } from 'node:util';
import { createLog } from '../base/log.ts';
import type { RemoteClusterStatus } from '../broker/node/supervisor/cluster-control.ts';
import { clusterStatus, stopCluster } from '../broker/node/supervisor/cluster-control.ts';
import type { ClusterHandle } from '../broker/node/supervisor/cluster-handle.ts';
import { startCluster } from '../broker/node/supervisor/start-cluster.ts';
import { streamLogSink } from '../host/json-log-sink.ts';
import { userClusterFolder } from '../host/user-folder.ts';
import { UsageError } from './command.ts';
import { exitCode } from './exit-code.ts';

/** Options of `millrace cluster`, in the form of node:util's parseArgs. */
export const clusterOptions = {
  brokers: { type: 'string', default: '3' },
  data: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  ports: { type: 'string' },
  set: { type: 'string', multiple: true },
  'in-process': { type: 'boolean', default: false },
  'log-level': { type: 'string', default: 'info' },
  json: { type: 'boolean', default: false },
} as const;

export const clusterHelp = `millrace cluster start|status|stop

  start    starts the brokers and watches over them until Ctrl+C
  status   tells which brokers run and whether they are ready
  stop     ends the cluster that runs in the data folder

  --data <folder>       where the cluster lives (cluster in your ~/.millrace)
  --brokers <n>         brokers of a new cluster: 1, 3 or 5 (3)
  --host <address>      where they listen (127.0.0.1)
  --ports <a,b,c>       one port a broker; without it the last ones, or free ones the first time
  --set <name=value>    a broker setting by its Kafka name; may be repeated
  --in-process          run the brokers in this process instead of one process each
  --log-level <level>   debug, info, warn or error (info); logs go to <data>/broker-<n>.log
  --json                print JSON
`;

type ClusterValues = ReturnType<typeof parseClusterArguments>['values'];

/**
 * Runs `millrace cluster <args>`; `print` gets the text for standard output. Resolves with the exit code, for `start`
 * when the cluster has ended. `status` and `stop` answer 1 when none runs.
 * @throws UsageError, and MillraceError of the supervisor with a message for the user
 */
export async function runCluster(args: readonly string[], print: (text: string) => void): Promise<number> {
  const { values, positionals } = parseClusterArguments(args);
  switch (positionals[0]) {
    case 'start':
      return start(values, print);
    case 'status':
      return status(values, print);
    case 'stop':
      return stop(values, print);
    default:
      print(clusterHelp);
      return exitCode.usage;
  }
}

function parseClusterArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: clusterOptions, allowPositionals: true, strict: true });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause));
  }
}

async function start(values: ClusterValues, print: (text: string) => void): Promise<number> {
  const cluster = await startCluster({
    brokers: Number(values.brokers),
    dataFolder: dataFolderOf(values),
    host: values.host,
    inProcess: values['in-process'],
    settings: parseSettings(values.set ?? []),
    logLevel: values['log-level'] as 'info',
    log: createLog(streamLogSink(process.stderr)),
    ...(values.ports !== undefined && { ports: parsePorts(values.ports) }),
  });
  const stopped = untilStopped(cluster);
  try {
    await cluster.ready();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  const { bootstrapServers, clusterId, brokers } = cluster.status();
  if (values.json) print(`${JSON.stringify({ clusterId, bootstrapServers, brokers })}\n`);
  else print(`Cluster ${clusterId} is ready: ${bootstrapServers}\nStop it with Ctrl+C or "millrace cluster stop".\n`);
  await stopped;
  return exitCode.ok;
}

/** Ends the cluster on Ctrl+C and SIGTERM; resolves when it has ended. */
function untilStopped(cluster: ClusterHandle): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      cluster.stop().then(resolve, reject);
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
    process.on('SIGHUP', end);
  });
}

async function status(values: ClusterValues, print: (text: string) => void): Promise<number> {
  const found = await clusterStatus(dataFolderOf(values));
  if (values.json) print(`${JSON.stringify(found ?? null)}\n`);
  else print(found ? describe(found) : `There is no cluster in ${dataFolderOf(values)}.\n`);
  return found?.running ? exitCode.ok : exitCode.failed;
}

async function stop(values: ClusterValues, print: (text: string) => void): Promise<number> {
  const wasRunning = await stopCluster(dataFolderOf(values));
  if (values.json) print(`${JSON.stringify({ stopped: wasRunning })}\n`);
  else print(wasRunning ? 'The cluster has stopped.\n' : `No cluster runs in ${dataFolderOf(values)}.\n`);
  return wasRunning ? exitCode.ok : exitCode.failed;
}

function describe({ clusterId, dataFolder, running, brokers }: RemoteClusterStatus): string {
  const head = `Cluster ${clusterId} in ${dataFolder}: ${running ? 'running' : 'stopped'}\n`;
  const rows = brokers.map(({ id, address, state, pid, reason }) =>
    [`  broker ${id}`, address.padEnd(21), state.padEnd(9), pid === null ? '' : `pid ${pid}`, reason ?? '']
      .join('  ')
      .trimEnd(),
  );
  return `${head}${rows.join('\n')}\n`;
}

function dataFolderOf({ data }: ClusterValues): string {
  return data ?? userClusterFolder();
}

function parsePorts(text: string): readonly number[] {
  return text.split(',').map((part) => {
    const port = Number(part.trim());
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
    throw new UsageError(`expected ports from 0 to 65535 with commas for --ports, found "${text}"`);
  });
}

function parseSettings(pairs: readonly string[]): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`expected name=value for --set, found "${pair}"`);
    settings[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return settings;
}
