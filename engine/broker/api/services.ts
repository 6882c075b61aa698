import type { Clock } from '../../base/clock.ts';
import type { DiskSpace } from '../../base/disk.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import type { MetadataImage } from '../controller/metadata-image.ts';
import type { GroupCoordinator } from '../group/group-coordinator.ts';
import type { ReplicaManager } from '../replica/replica-manager.ts';
import type { TransactionEntry } from '../txn/entry/transaction-entry.ts';
import type { MarkersForBroker } from '../txn/markers/marker-delivery.ts';
import type { PartitionOutcome } from '../txn/transaction.ts';
import type { TransactionCoordinator } from '../txn/transaction-coordinator.ts';
import type { BrokerLoggers } from './configs/broker-loggers.ts';
import type { BrokerSettings, SettingDescription } from './configs/broker-settings.ts';
import type { ControllerGateway } from './controller/controller-gateway.ts';
import type { ProducerIdBlocks } from './controller/producer-id-blocks.ts';
import type { FetchSessionCache } from './fetch/fetch-session-cache.ts';
import type { QuorumServices } from './quorum/quorum-services.ts';
import type { FetchQuota } from './quotas/fetch-quota.ts';

/** What a broker lends its handlers, by name. A handler names what it needs and gets that alone. */
export interface BrokerServices {
  readonly brokerId: number;
  readonly clusterId: string;
  /** Where this broker keeps its logs. */
  readonly dataFolder: string;
  /** Room of the disk that holds them; undefined where nobody can tell. */
  readonly diskSpace: () => DiskSpace | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** What the log of this broker says, which may change while it runs. */
  readonly loggers: BrokerLoggers;
  readonly settings: BrokerSettings;
  /** Whether an API has a handler here; ApiVersions announces only those. */
  readonly serves: (apiKey: number) => boolean;
  /** Every setting with its value in text form: broker resources of DescribeConfigs. */
  readonly describeSettings: () => readonly SettingDescription[];
  /** Why a change of a broker's configs cannot stand for what it says of listeners; undefined where it can. */
  readonly listenerConfigFault: (asked: {
    readonly resourceName: string;
    readonly configs: readonly {
      readonly name: string;
      readonly configOperation: number;
      readonly value: string | null;
    }[];
  }) => string | undefined;
  /** Undefined once clients may be served; while the broker starts, what resolves then. */
  readonly untilReady: () => Promise<void> | undefined;
  /** The committed metadata of the cluster, as far as this broker has it. */
  readonly metadata: () => MetadataImage;
  /** -1 when none is known. */
  readonly activeControllerId: () => number;
  readonly controller: ControllerGateway;
  /** Consumer groups of the partitions of `__consumer_offsets` that this broker leads. */
  readonly groups: GroupCoordinator;
  /** Transactions of the partitions of `__transaction_state` that this broker leads. */
  readonly transactions: TransactionCoordinator;
  /** Asks coordinators of transactions for the partitions that this broker leads. */
  readonly transactionEntry: TransactionEntry;
  /** Writes the end of a transaction to partitions that this broker leads, and waits for their in-sync replicas. */
  readonly writeTransactionEnds: (marker: MarkersForBroker) => Promise<readonly PartitionOutcome[]>;
  /** The replicas hosted here: appends and reads. */
  readonly replicas: ReplicaManager;
  /** Fetch sessions of clients and followers (KIP-227). */
  readonly fetchSessions: FetchSessionCache;
  /** How much consumers may fetch at a time. */
  readonly fetchQuota: FetchQuota;
  /** Ids for idempotent producers. */
  readonly producerIds: ProducerIdBlocks;
  /** This broker's part in the metadata quorum. */
  readonly quorum: QuorumServices;
}

export type ServiceName = keyof BrokerServices;
