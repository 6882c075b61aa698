import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MillraceError } from '../../../base/errors.ts';
import { NodeDisk } from '../../../host/node-disk.ts';
import { uuidFromRandom } from '../../../protocol/uuid.ts';
import type { BrokerFile } from '../config/broker-config.ts';
import { brokerConfigFrom } from '../config/broker-config.ts';
import type { BrokerIdentity } from '../config/broker-file-from.ts';
import type { BrokerExit } from './broker-runner.ts';
import { ChildRunner } from './child-runner.ts';

const clusterIdForm = /^[A-Za-z0-9_-]{22}$/;

/** A broker that is started on its own: in a container, or beside others that somebody else starts. */
export interface LoneBroker {
  /** Resolves when clients may be sent to it; rejects with MillraceError when it ended before. */
  readonly ready: Promise<void>;
  /** Resolves with why it ended. */
  readonly ended: Promise<BrokerExit>;
  /** Ends it in order: hands its leaderships over first. Resolves with why it did not end in order, if it did not. */
  stop(): Promise<string | undefined>;
}

/** Starts one broker in a process of its own; `log` gets what it writes to its log. Throws `BROKER_CONFIG_INVALID`. */
export function startLoneBroker(file: BrokerFile, log: (text: string) => void): LoneBroker {
  brokerConfigFrom(file);
  mkdirSync(file.dataFolder, { recursive: true, mode: 0o700 });
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<BrokerExit>();
  const runner = new ChildRunner(file, {
    onListening: () => {},
    onReady: ready.resolve,
    onProgress: () => {},
    onErrorText: log,
    onExit: (exit) => {
      ready.reject(new MillraceError(exit.code, exit.message));
      ended.resolve(exit);
    },
  });
  // Whoever waits for the end alone hears of it there.
  ready.promise.catch(() => {});
  return { ready: ready.promise, ended: ended.promise, stop: () => runner.stop(false) };
}

/** What a broker is told of its cluster from outside. */
export interface GivenIdentity {
  readonly clusterId: string | undefined;
  readonly clusterKey: string | undefined;
  /** Brokers of the cluster. */
  readonly brokers: number;
}

/**
 * Cluster id and key of a broker on its own: as given, else as in its folder, else new ones that are kept there (mode 600).
 * Brokers of one cluster must be given them. Throws `BROKER_CONFIG_INVALID`.
 */
export function loneIdentity(dataFolder: string, { clusterId, clusterKey, brokers }: GivenIdentity): BrokerIdentity {
  if (clusterId !== undefined && !clusterIdForm.test(clusterId))
    throw invalid(`a uuid of 22 base64url characters for CLUSTER_ID, found "${clusterId}"`);
  if (brokers > 1 && (clusterId === undefined || clusterKey === undefined))
    throw invalid(
      `CLUSTER_ID and MILLRACE_CLUSTER_KEY in the environment, the same for all ${brokers} brokers, found ${clusterId === undefined ? 'no CLUSTER_ID' : 'no MILLRACE_CLUSTER_KEY (openssl rand -hex 32 makes one)'}`,
    );
  const path = join(dataFolder, 'identity.json');
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Partial<BrokerIdentity>) : {};
  const identity = {
    clusterId: clusterId ?? known.clusterId ?? uuidFromRandom(randomBytes(16)),
    clusterKey: clusterKey ?? known.clusterKey ?? randomBytes(32).toString('base64url'),
  };
  if (brokers === 1 && (identity.clusterId !== known.clusterId || identity.clusterKey !== known.clusterKey)) {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    new NodeDisk().writeFileAtomic(path, Buffer.from(`${JSON.stringify(identity, null, 2)}\n`));
    chmodSync(path, 0o600);
  }
  return identity;
}

function invalid(expected: string): MillraceError {
  return new MillraceError('BROKER_CONFIG_INVALID', `expected ${expected}`);
}
