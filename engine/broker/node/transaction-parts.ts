import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { apis } from '../../protocol/api-keys.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { transactionsTopicName } from '../../protocol/system-topics.ts';
import type { BrokerSettings } from '../api/configs/broker-settings.ts';
import type { ClusterView } from '../api/metadata/cluster-view.ts';
import { answerEntries } from '../api/transactions/answer-entries.ts';
import { coordinatorPartition } from '../coordinator/coordinator-partition.ts';
import type { InternalLog } from '../coordinator/internal-log.ts';
import type { GroupCoordinator } from '../group/group-coordinator.ts';
import type { ReplicaManager } from '../replica/replica-manager.ts';
import type { EntryQuestion } from '../txn/entry/transaction-entry.ts';
import { TransactionEntry } from '../txn/entry/transaction-entry.ts';
import type { MarkersForBroker } from '../txn/markers/marker-delivery.ts';
import { MarkerDelivery } from '../txn/markers/marker-delivery.ts';
import type { PartitionOutcome, PartitionsByTopic } from '../txn/transaction.ts';
import { TransactionCoordinator } from '../txn/transaction-coordinator.ts';
import type { PeerRequest } from './quorum/peer-request.ts';
import { writeTransactionEnds } from './write-transaction-ends.ts';

/** Longest wait for another broker's answer; each answers for partitions that take too long before that. */
const peerTimeoutMs = 10_000;

export interface TransactionPartsOptions {
  readonly brokerId: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: BrokerSettings;
  readonly stateLog: InternalLog;
  readonly replicas: ReplicaManager;
  readonly groups: GroupCoordinator;
  readonly metadata: () => ClusterView;
  readonly nextProducerId: () => Promise<number | undefined>;
  readonly request: PeerRequest;
  readonly isInTouch: () => boolean;
}

/** What a broker does for transactions: coordinates some, and leads partitions that are in any. */
export interface TransactionParts {
  readonly coordinator: TransactionCoordinator;
  readonly entry: TransactionEntry;
  /** Writes the end of a transaction to partitions that are led here. */
  readonly writeEnds: (marker: MarkersForBroker) => Promise<readonly PartitionOutcome[]>;
}

/** Ties the coordinator of transactions to this broker's replicas and to the other brokers. */
export function transactionParts(options: TransactionPartsOptions): TransactionParts {
  const { clock, settings, stateLog, nextProducerId, isInTouch } = options;
  const log = options.log.with({ module: 'txn' });
  const writeEnds = (marker: MarkersForBroker) => writeTransactionEnds(options, marker);
  const delivery = deliveryOf(options, log, writeEnds);
  const coordinator = new TransactionCoordinator({
    clock,
    log,
    limits: {
      timeoutMsMax: settings.transactionMaxTimeoutMs,
      idExpirationMs: settings.transactionalIdExpirationMs,
      expirationCheckMs: settings.transactionRemoveExpiredTransactionCleanupIntervalMs,
    },
    stateLog,
    nextProducerId,
    isInTouch,
    deliver: (...ending) => delivery.deliver(...ending),
  });
  return { coordinator, entry: entryOf(options, log, coordinator), writeEnds };
}

function deliveryOf(
  { brokerId, clock, metadata, request }: TransactionPartsOptions,
  log: Log,
  writeEnds: TransactionParts['writeEnds'],
): MarkerDelivery {
  return new MarkerDelivery({
    clock,
    log,
    leaderOf: (topic, partition) => metadata().topics.get(topic)?.partitions[partition]?.leader,
    send: (to, markers) => (to === brokerId ? Promise.all(markers.map(writeEnds)) : sendMarkers(request, to, markers)),
  });
}

function entryOf(
  { brokerId, metadata, request }: TransactionPartsOptions,
  log: Log,
  coordinator: TransactionCoordinator,
): TransactionEntry {
  return new TransactionEntry({
    log,
    coordinatorOf: (transactionalId) => leaderFor(transactionalId, metadata()),
    ask: (to, questions) =>
      to === brokerId
        ? Promise.all(questions.map((question) => answerEntries(coordinator, metadata(), question)))
        : askEntries(request, to, questions),
  });
}

/** The broker that leads the partition of a transactional id. */
function leaderFor(transactionalId: string, view: ClusterView): number | undefined {
  const partitions = view.topics.get(transactionsTopicName)?.partitions ?? [];
  if (partitions.length === 0) return undefined;
  const leader = partitions[coordinatorPartition(transactionalId, partitions.length)]?.leader ?? -1;
  return leader === -1 ? undefined : leader;
}

async function sendMarkers(
  request: PeerRequest,
  to: number,
  markers: readonly MarkersForBroker[],
): Promise<readonly (readonly PartitionOutcome[])[]> {
  const body = {
    markers: markers.map(({ isAbort, partitions, ...ending }) => ({
      ...ending,
      transactionResult: !isAbort,
      topics: Array.from(partitions, ([name, partitionIndexes]) => ({ name, partitionIndexes: [...partitionIndexes] })),
    })),
  };
  const api = apis.writeTxnMarkers;
  const answer = await request(to, api, api.versionMax, body, { lane: 'txn-markers', timeoutMs: peerTimeoutMs });
  return answer.markers.map(({ topics }) =>
    topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode: code }) => ({
        topic: name,
        partition: partitionIndex,
        code: code as ErrorCode,
      })),
    ),
  );
}

async function askEntries(
  request: PeerRequest,
  to: number,
  questions: readonly EntryQuestion[],
): Promise<readonly (readonly PartitionOutcome[])[]> {
  const transactions = questions.map(({ transactionalId, producerId, epoch, adds, partitions }) => ({
    transactionalId,
    producerId,
    producerEpoch: epoch,
    verifyOnly: !adds,
    topics: topicsOf(partitions),
  }));
  const api = apis.addPartitionsToTxn;
  const options = { lane: 'txn-entry', timeoutMs: peerTimeoutMs } as const;
  const answer = await request(to, api, api.versionMax, { transactions }, options);
  return questions.map((question, index) => {
    const topics = answer.resultsByTransaction[index]?.topicResults ?? [];
    if (answer.errorCode !== 0) return outcomesOf(question.partitions, answer.errorCode as ErrorCode);
    return topics.flatMap(({ name, resultsByPartition }) =>
      resultsByPartition.map(({ partitionIndex, partitionErrorCode }) => ({
        topic: name,
        partition: partitionIndex,
        code: partitionErrorCode as ErrorCode,
      })),
    );
  });
}

function topicsOf(partitions: PartitionsByTopic) {
  return Array.from(partitions, ([name, indexes]) => ({ name, partitions: [...indexes] }));
}

function outcomesOf(partitions: PartitionsByTopic, code: ErrorCode): PartitionOutcome[] {
  return [...partitions].flatMap(([topic, indexes]) => indexes.map((partition) => ({ topic, partition, code })));
}
