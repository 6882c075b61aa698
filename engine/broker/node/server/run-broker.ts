import { join } from 'node:path';
import type { Log } from '../../../base/log.ts';
import { lockFolder } from '../../../host/folder-lock.ts';
import { fileLogSink, streamLogSink } from '../../../host/json-log-sink.ts';
import { NodeClock } from '../../../host/node-clock.ts';
import { NodeDisk } from '../../../host/node-disk.ts';
import { NodeRandom } from '../../../host/node-random.ts';
import { ProcessWatch } from '../../../host/process-figures.ts';
import { Broker } from '../broker.ts';
import type { StopOptions } from '../broker-options.ts';
import type { BrokerConfig, BrokerFile } from '../config/broker-config.ts';
import { brokerConfigFrom } from '../config/broker-config.ts';
import { settingWarnings } from '../config/setting-warnings.ts';
import { LogLevels, leveledLog } from '../logging/log-levels.ts';
import { TurnedAway } from '../turned-away.ts';
import { BrokerListeners } from './broker-listeners.ts';
import type { AddressLimits } from './broker-server.ts';
import { BrokerServer } from './broker-server.ts';
import { DescriptorWatch } from './descriptor-watch.ts';
import type { BrokerStatus } from './http-endpoints.ts';
import { NodeDialer } from './node-dialer.ts';

/** A broker that listens and works. */
export interface RunningBroker {
  /** Where other brokers reach it. */
  readonly port: number;
  /** Resolves when clients may be sent to it. */
  readonly ready: Promise<void>;
  /** Undefined while clients may be sent to it; else what it waits for, in a few words. */
  unreadyReason(): string | undefined;
  /** Partitions led here that lack an in-sync replica; undefined while clients may not be sent here. */
  lackingReplicas(): number | undefined;
  /** Controlled: hands its leaderships over, flushes, closes. A second call waits for the first. */
  stop(options?: StopOptions): Promise<void>;
}

export interface RunBrokerOptions {
  /** The broker cannot go on (a disk that fails); it must be ended. */
  readonly onFatal: (error: Error) => void;
}

/**
 * Starts a broker with this machine's disk, clock and sockets.
 * @throws MillraceError `BROKER_CONFIG_INVALID`, `DATA_FOLDER_LOCKED`, `PORT_IN_USE`, `LISTEN_FAILED`, `TLS_STORE_INVALID`, `DISK_*`
 */
export async function runBroker(file: BrokerFile, { onFatal }: RunBrokerOptions): Promise<RunningBroker> {
  const config = brokerConfigFrom(file);
  const unlock = lockFolder(config.dataFolder);
  try {
    return await listenAndStart(config, onFatal, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function listenAndStart(
  given: BrokerConfig,
  onFatal: (error: Error) => void,
  unlock: () => void,
): Promise<RunningBroker> {
  const { log, logLevels } = logOf(given);
  let broker: Broker | undefined;
  const listeners = new BrokerListeners(given, log);
  const descriptors = new DescriptorWatch({ log });
  const server = serverOf(given, { listeners, descriptors, log, broker: () => broker });
  const { listenerSet, port } = listeners.bound(await server.listen());
  await listeners.start();
  descriptors.start();
  const figures = new ProcessWatch();
  broker = new Broker({
    config: { ...given, listenerSet, dataFolder: join(given.dataFolder) },
    disk: new NodeDisk(),
    clock: new NodeClock(),
    random: new NodeRandom(),
    dialer: new NodeDialer({ clusterKey: given.clusterKey, ...framesOf(given), tls: listeners.peerTls }),
    ...listeners.brokerOptions,
    log,
    logLevels,
    processFigures: () => figures.read(),
    onFatal,
  });
  broker.start();
  return runningBroker(broker, port, [
    () => server.close(),
    () => descriptors.stop(),
    () => listeners.stop(),
    () => figures.stop(),
    unlock,
  ]);
}

/** A broker that works, on what it stands on. */
function runningBroker(started: Broker, port: number, ground: readonly (() => void | Promise<void>)[]): RunningBroker {
  let stopped: Promise<void> | undefined;
  return {
    port,
    ready: started.ready,
    unreadyReason: () => started.unreadyReason(),
    lackingReplicas: () => started.lackingReplicas(),
    stop: (options = {}) => {
      stopped ??= stopInOrder(started, options, ground);
      return stopped;
    },
  };
}

/** Stops a broker, and what it stands on whatever became of that. */
async function stopInOrder(
  broker: Broker,
  options: StopOptions,
  ground: readonly (() => void | Promise<void>)[],
): Promise<void> {
  try {
    await broker.stop(options);
  } finally {
    for (const end of ground) await end();
  }
}

/** The log of a broker; it begins with what is to be said of the configuration. */
function logOf({ brokerId, logFile, logLevel, given }: BrokerConfig): {
  readonly log: Log;
  readonly logLevels: LogLevels;
} {
  const sink = logFile === null ? streamLogSink(process.stderr) : fileLogSink(logFile);
  const logLevels = new LogLevels(logLevel);
  const log = leveledLog(sink, { broker: brokerId }, logLevels);
  for (const warning of settingWarnings(given)) log.warn(`configuration: ${warning}`);
  return { log, logLevels };
}

function framesOf({ settings }: BrokerConfig) {
  return {
    frameBytesMax: settings.socketRequestMaxBytes,
    sendBufferBytesMax: settings.connectionSendBufferBytesMax,
  };
}

interface ServerParts {
  readonly listeners: BrokerListeners;
  readonly descriptors: DescriptorWatch;
  readonly log: Log;
  /** Undefined as long as it is being made. */
  readonly broker: () => Broker | undefined;
}

function serverOf(given: BrokerConfig, { listeners, descriptors, log, broker }: ServerParts): BrokerServer {
  const { settings, clusterKey } = given;
  return new BrokerServer({
    ...listeners.serverOptions,
    ...framesOf(given),
    clusterKey,
    requestBytesMax: settings.queuedMaxRequestBytes,
    responseBytesMax: settings.queuedMaxResponseBytes,
    connectionsMax: () => broker()?.connectionsMax ?? settings.maxConnections,
    idleMsMax: settings.connectionsMaxIdleMs,
    log,
    turnedAway: turnedAwayOf(broker, log),
    descriptors,
    limits: limitsOf(broker),
    status: statusOf(broker, descriptors),
    onConnection: (connection) => {
      const running = broker();
      if (running) running.accept(connection);
      else connection.close('the broker starts');
    },
    onTraffic: (direction, bytes) => broker()?.countTraffic(direction, bytes),
  });
}

function turnedAwayOf(broker: () => Broker | undefined, log: Log): TurnedAway {
  return new TurnedAway(
    log,
    (reason) => broker()?.countTurnedAway(reason),
    () => performance.now(),
  );
}

function limitsOf(broker: () => Broker | undefined): AddressLimits {
  return {
    opened: (address) => broker()?.clientOpened(address) ?? { afterMs: 0, refusal: undefined },
    closed: (address) => broker()?.clientClosed(address),
  };
}

function statusOf(broker: () => Broker | undefined, descriptors: DescriptorWatch): BrokerStatus {
  return {
    unreadyReason: () => {
      if (descriptors.isOut) return 'no file descriptor is left';
      const started = broker();
      return started ? started.unreadyReason() : 'starting';
    },
    metricsText: () => broker()?.metricsText() ?? '',
  };
}
