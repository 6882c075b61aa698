import type { Clock } from '../../base/clock.ts';
import type { Disk } from '../../base/disk.ts';
import type { Log } from '../../base/log.ts';
import type { Dialer } from '../../base/net.ts';
import type { Random } from '../../base/random.ts';
import type { MetadataImage } from '../controller/metadata-image.ts';
import type { InternalLog } from '../coordinator/internal-log.ts';
import type { RaftState } from '../raft/raft-state.ts';
import type { PartitionStatus } from '../replica/partition-status.ts';
import type { BrokerConfig } from './config/broker-config.ts';
import type { ListenerConfigs } from './listener-configs.ts';
import type { LogLevels } from './logging/log-levels.ts';
import type { ProcessFigures } from './metrics/process-metrics.ts';
import type { ReplicaInternalLog } from './replica-internal-log.ts';
import type { TokenKeys } from './sasl-logins.ts';

/** What a broker is made with: its configuration and the outside world. */
export interface BrokerOptions {
  readonly config: BrokerConfig;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly dialer: Dialer;
  readonly log: Log;
  /** What is set for its listeners while it runs. */
  readonly listenerConfigs?: ListenerConfigs;
  /** Where tokens of clients are checked (OAUTHBEARER). */
  readonly tokenKeys?: TokenKeys;
  /** What `log` lets through, where that may change. */
  readonly logLevels?: LogLevels;
  /** What is shown of the process around it. */
  readonly processFigures?: () => ProcessFigures;
  /** Stands between a coordinator and the log of its topic, for simulations that spoil it. */
  readonly spoilInternalLog?: (log: ReplicaInternalLog) => InternalLog;
  /** The broker cannot go on (a disk that fails): whoever runs it must end it. */
  readonly onFatal: (error: Error) => void;
}

/** How a broker stops. */
export interface StopOptions {
  /** All brokers of the cluster stop together. */
  readonly wholeCluster?: boolean;
  /** Hears what is still to be done, in a few words, each time that some of it is. */
  readonly onProgress?: (left: string) => void;
}

/** What a broker holds at a moment, for checks from outside: all of it is read-only. */
export interface BrokerInspection {
  /** The newest committed metadata that it knows. */
  readonly image: MetadataImage;
  /** Its member of the metadata quorum; undefined until the log is recovered. */
  readonly raft: RaftState | undefined;
  readonly partitions: readonly PartitionStatus[];
}
