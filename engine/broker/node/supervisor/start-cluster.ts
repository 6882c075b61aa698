import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { MillraceError } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import { silentLog } from '../../../base/log.ts';
import { lockFolder } from '../../../host/folder-lock.ts';
import { isRunning, startTokenOf } from '../../../host/process-identity.ts';
import { uuidFromRandom } from '../../../protocol/uuid.ts';
import type { BrokerFile } from '../config/broker-config.ts';
import { brokerConfigFrom } from '../config/broker-config.ts';
import { settingsOfBroker } from './broker-listener-settings.ts';
import type { StartRunner } from './broker-runner.ts';
import { ChildRunner } from './child-runner.ts';
import type { ClusterFile } from './cluster-file.ts';
import { readClusterFile } from './cluster-file.ts';
import type { ClusterHandle } from './cluster-handle.ts';
import { SupervisedCluster } from './cluster-handle.ts';
import { ControlServer } from './control-server.ts';
import { checkPortsFree, pickFreePorts } from './free-ports.ts';
import type { SecurityRequest } from './secure/secure-cluster.ts';
import { prepareSecurity, securityOf } from './secure/secure-cluster.ts';
import { secureSettings } from './secure/secure-settings.ts';

const brokersMax = 9;
/** Brokers of a supervisor that was killed end by themselves; they get this long before they are killed too. */
const leftoverWaitMsMax = 60_000;
const leftoverPollMs = 25;

export interface StartClusterOptions extends SecurityRequest {
  /** 1, 3 or 5 as a rule; an even number survives no more failures than the odd one below it. */
  readonly brokers: number;
  /** Holds `cluster.json` and one folder for each broker. */
  readonly dataFolder: string;
  /** Where the brokers listen; 127.0.0.1 without it. */
  readonly host?: string;
  /** One for each broker, 0 for any free one. Without it the ports of the last run, or free ones the first time. */
  readonly ports?: readonly number[];
  /** Tried first when a port is picked. */
  readonly preferredPorts?: readonly number[];
  /** Runs the brokers inside this process instead of one process each. */
  readonly inProcess?: boolean;
  /** Settings of every broker, by Kafka's names. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  readonly allowedOrigins?: readonly string[];
  readonly logLevel?: BrokerFile['logLevel'];
  readonly log?: Log;
  /** A broker process that was told to end and has made no progress for this long is killed; 8 s without it. */
  readonly stopStallMsMax?: number;
}

/**
 * Starts a cluster and watches over it. Resolves as soon as its brokers are on their way; `ready()` waits for them.
 * @throws MillraceError `DATA_FOLDER_LOCKED`, `PORT_IN_USE`, `CLUSTER_SHAPE_CHANGED`, `BROKER_CONFIG_INVALID`
 */
export async function startCluster(options: StartClusterOptions): Promise<ClusterHandle> {
  const dataFolder = resolve(options.dataFolder);
  const unlock = lockFolder(dataFolder);
  try {
    const known = readClusterFile(dataFolder);
    if (known) await endLeftovers(known, options.log ?? silentLog);
    const security = securityOf(options, known);
    const file = { ...(await describeCluster(options, known)), ...security.kept };
    const brokerFiles = file.brokers.map(({ id }) => brokerFile(id, file, dataFolder, options));
    for (const broker of brokerFiles) checkBroker(broker);
    await checkPortsFree(
      file.host,
      file.brokers.map(({ port }) => port),
    );
    prepareSecurity(file, dataFolder, security.password);
    const startRunner = options.inProcess ? await inProcessRunners() : childRunners(options);
    const log = options.log ?? silentLog;
    const control = new ControlServer(file.clusterKey, {
      restart: (...request) => cluster.restartAll(...request),
      add: (note) => cluster.addBroker(note),
      remove: (...request) => cluster.removeBroker(...request),
    });
    const controlPort = await control.listen();
    const described = { ...file, controlPort };
    const cluster = new SupervisedCluster({
      file: described,
      brokerFiles,
      dataFolder,
      startRunner,
      log,
      unlock,
      joiner: (current) => joinerOf(current, dataFolder, options),
      control,
    });
    cluster.start();
    return cluster;
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Brokers reach each other at the ports in the cluster's file: there the listener for them must be. */
function checkBroker(file: BrokerFile): void {
  const { interBroker } = brokerConfigFrom(file).listenerSet;
  if (interBroker.port !== file.listen.port)
    throw new MillraceError(
      'BROKER_CONFIG_INVALID',
      `expected the listener of brokers, ${interBroker.name}, on port ${file.listen.port} of broker ${file.brokerId} (0 in listeners stands for it), found ${interBroker.port}`,
    );
}

function childRunners({ stopStallMsMax }: StartClusterOptions): StartRunner {
  return (broker, events) => new ChildRunner(broker, events, stopStallMsMax);
}

/** Only a process that runs brokers itself loads one: it is two thirds of the time that a supervisor takes to start. */
async function inProcessRunners(): Promise<StartRunner> {
  const { InProcessRunner } = await import('./in-process-runner.ts');
  return (broker, events) => new InProcessRunner(broker, events);
}

/** What the cluster is: as its file says, or new. */
async function describeCluster(options: StartClusterOptions, known: ClusterFile | undefined): Promise<ClusterFile> {
  const { brokers: count } = options;
  if (!Number.isInteger(count) || count < 1 || count > brokersMax)
    throw new MillraceError('CLUSTER_SHAPE_INVALID', `expected 1 to ${brokersMax} brokers, found ${count}`);
  if (known && known.brokers.length !== count)
    throw new MillraceError(
      'CLUSTER_SHAPE_CHANGED',
      `expected ${known.brokers.length} brokers, as the cluster in ${options.dataFolder} was made with, found ${count}; ` +
        'use another data folder for a cluster of another size',
    );
  const host = options.host ?? known?.host ?? '127.0.0.1';
  const ports = await choosePorts(host, options, known);
  return {
    formatVersion: 1,
    clusterId: known?.clusterId ?? uuidFromRandom(randomBytes(16)),
    clusterKey: known?.clusterKey ?? randomBytes(32).toString('base64url'),
    host,
    brokers: ports.map((port, index) => ({ id: known?.brokers[index]?.id ?? index + 1, port, process: null })),
    supervisor: { pid: process.pid, startToken: startTokenOf(process.pid) ?? '' },
  };
}

async function choosePorts(
  host: string,
  { brokers: count, ports: asked, preferredPorts }: StartClusterOptions,
  known: ClusterFile | undefined,
): Promise<readonly number[]> {
  if (asked && asked.length !== count)
    throw new MillraceError('CLUSTER_SHAPE_INVALID', `expected ${count} ports, one a broker, found ${asked.length}`);
  const wanted = asked ?? known?.brokers.map(({ port }) => port) ?? new Array<number>(count).fill(0);
  const free = [...(await pickFreePorts(host, wanted.filter((port) => port === 0).length, preferredPorts))];
  return wanted.map((port) => (port === 0 ? (free.shift() as number) : port));
}

/** One broker more: it is told of the others, and joins the quorum of controllers by itself (KIP-853). */
async function joinerOf(known: ClusterFile, dataFolder: string, options: StartClusterOptions) {
  if (known.brokers.length >= brokersMax)
    throw new MillraceError(
      'CLUSTER_SHAPE_INVALID',
      `expected at most ${brokersMax} brokers, found ${known.brokers.length}`,
    );
  const [port = 0] = await pickFreePorts(known.host, 1);
  const id = Math.max(...known.brokers.map((broker) => broker.id)) + 1;
  const file = { ...known, brokers: [...known.brokers, { id, port, process: null }] };
  prepareSecurity(file, dataFolder, undefined);
  const settings = { ...options.settings, 'controller.quorum.auto.join.enable': true };
  const whole = brokerFile(id, file, dataFolder, { ...options, settings });
  return { file, broker: { ...whole, voters: whole.voters.filter((voter) => voter.id !== id) } };
}

function brokerFile(id: number, file: ClusterFile, dataFolder: string, options: StartClusterOptions): BrokerFile {
  const { host, clusterId, clusterKey, isSecured, bootstrapUsers } = file;
  // Clients cannot connect to a wildcard.
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const port = file.brokers.find((broker) => broker.id === id)?.port ?? 0;
  return {
    brokerId: id,
    clusterId,
    clusterKey,
    dataFolder: join(dataFolder, `broker-${id}`),
    listen: { host, port },
    advertised: { host: reachable, port },
    voters: file.brokers.map((broker) => ({ id: broker.id, host: reachable, port: broker.port })),
    logFile: join(dataFolder, `broker-${id}.log`),
    ...(bootstrapUsers && { bootstrapUsers }),
    settings: settingsOfBroker(
      { ...(isSecured && secureSettings(dataFolder, id)), ...options.settings },
      file.brokers.findIndex((broker) => broker.id === id),
      port,
    ),
    ...(options.allowedOrigins && { allowedOrigins: options.allowedOrigins }),
    ...(options.logLevel && { logLevel: options.logLevel }),
  };
}

/** Waits for brokers of an earlier supervisor to end, and ends those that do not. */
async function endLeftovers({ brokers }: ClusterFile, log: Log): Promise<void> {
  const deadline = performance.now() + leftoverWaitMsMax;
  for (const { id, process: mark } of brokers) {
    if (!mark || !isRunning(mark.pid, mark.startToken)) continue;
    const { pid, startToken } = mark;
    log.info('waits for a broker of the last run to end', { broker: id, pid });
    while (isRunning(pid, startToken) && performance.now() < deadline) await pause();
    if (!isRunning(pid, startToken)) continue;
    log.warn('kills a broker of the last run: it has not ended', { broker: id, pid, waitMsMax: leftoverWaitMsMax });
    killQuietly(pid);
    while (isRunning(pid, startToken)) await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(() => done(), leftoverPollMs));
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended between the two looks.
  }
}
