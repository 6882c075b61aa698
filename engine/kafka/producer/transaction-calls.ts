import type { Api } from '../../protocol/api-keys.ts';
import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { MessageOf, MessageSchema } from '../../protocol/schema.ts';
import { zeroUuid } from '../../protocol/uuid.ts';
import type { KafkaConnection } from '../connection.ts';
import type { OffsetToCommit } from '../groups/group-offsets.ts';
import type { TopicPartition } from '../groups/subscription.ts';
import { byTopic } from '../groups/subscription.ts';
import { WireFault } from '../kafka-error.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';
import type { CoordinatorKind } from '../wire/coordinators.ts';
import type { RequestBody } from '../wire/request-options.ts';
import type { TransactionIdentity } from './transaction.ts';
import { transactionFault, worstOf } from './transaction-faults.ts';

/** Who commits offsets in a transaction: an outdated member of the group is refused (KIP-447). */
export interface GroupMembership {
  readonly groupId: string;
  readonly memberId: string;
  /** Generation, or member epoch in a group of the consumer protocol. */
  readonly generation: number;
  readonly groupInstanceId?: string | undefined;
}

/** From these versions on requests follow version 2 of the protocol; clients must not use them in a cluster that is not there yet. */
const v1EndMax = 4;
const v1OffsetsMax = 4;
/** Newer versions add several transactions at once, for brokers. */
const addPartitionsMax = 3;
/** First version that says which member commits. */
const membershipMin = 3;
/** Newer versions of TxnOffsetCommit want the ids of topics. */
const offsetsByNameMax = 5;
/** First version of InitProducerId that says which epoch is to be followed (KIP-360). */
const expectedEpochMin = 3;
/** The coordinator is still writing the markers of the transaction before: soon done. */
const concurrentPauseMs = 20;

interface CallOptions<Res extends MessageSchema> {
  readonly kind: CoordinatorKind;
  readonly key: string;
  readonly versionMax?: number | undefined;
  readonly codesOf: (answer: MessageOf<Res>) => Iterable<number>;
}

/** The requests of a transactional producer to coordinators, each repeated until it is answered or the time is up. */
export class TransactionCalls {
  readonly #connection: KafkaConnection;
  readonly #client: ClusterClient;
  readonly #transactionalId: string;
  readonly #waitMsMax: number;

  constructor(connection: KafkaConnection, client: ClusterClient, transactionalId: string, waitMsMax: number) {
    this.#connection = connection;
    this.#client = client;
    this.#transactionalId = transactionalId;
    this.#waitMsMax = waitMsMax;
  }

  /** Numbers for this transactional id; what an earlier producer left open is aborted. `current`: our own, to be followed. */
  async initialize(transactionTimeoutMs: number, current?: TransactionIdentity): Promise<TransactionIdentity> {
    const body = (version: number) => {
      if (current && version < expectedEpochMin) {
        const text = 'brokers before Kafka 2.5 cannot go on after a failed transaction';
        throw new WireFault('KAFKA_UNSUPPORTED_VERSION', text, { details: { recovery: 'restart' } });
      }
      return {
        transactionalId: this.#transactionalId,
        transactionTimeoutMs,
        producerId: current?.producerId ?? -1,
        producerEpoch: current?.epoch ?? -1,
      };
    };
    const answer = await this.#call(apis.initProducerId, body, {
      ...this.#transaction,
      codesOf: (row) => [row.errorCode],
    });
    return { producerId: answer.producerId, epoch: answer.producerEpoch };
  }

  async addPartitions(identity: TransactionIdentity, partitions: readonly TopicPartition[]): Promise<void> {
    const body = {
      v3AndBelowTransactionalId: this.#transactionalId,
      v3AndBelowProducerId: identity.producerId,
      v3AndBelowProducerEpoch: identity.epoch,
      v3AndBelowTopics: byTopic(partitions).map(({ topic, partitions: rows }) => ({ name: topic, partitions: rows })),
    };
    await this.#call(apis.addPartitionsToTxn, body, {
      ...this.#transaction,
      versionMax: addPartitionsMax,
      codesOf: ({ resultsByTopicV3AndBelow }) =>
        resultsByTopicV3AndBelow.flatMap((topic) => topic.resultsByPartition.map((row) => row.partitionErrorCode)),
    });
  }

  /** @param isV2 the commit adds the group by itself */
  async commitOffsets(
    identity: TransactionIdentity,
    offsets: readonly OffsetToCommit[],
    group: GroupMembership,
    isV2: boolean,
  ): Promise<void> {
    const { groupId } = group;
    const writer = {
      transactionalId: this.#transactionalId,
      producerId: identity.producerId,
      producerEpoch: identity.epoch,
      groupId,
    };
    if (!isV2) {
      const codesOf = (answer: { readonly errorCode: number }) => [answer.errorCode];
      await this.#call(apis.addOffsetsToTxn, writer, { ...this.#transaction, codesOf });
    }
    const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([name, rows]) => ({
      name,
      topicId: this.#client.metadata.topic(name)?.id ?? zeroUuid,
      partitions: rows.map(({ partition, offset }) => ({
        partitionIndex: partition,
        committedOffset: offset,
        committedMetadata: '',
      })),
    }));
    const versionMax = topics.some(({ topicId }) => topicId === zeroUuid) ? offsetsByNameMax : undefined;
    const body = (version: number) => {
      if (version < membershipMin && group.memberId) {
        const text = 'brokers before Kafka 2.5 cannot tell an outdated member of the group';
        throw new WireFault('KAFKA_UNSUPPORTED_VERSION', text, { details: { recovery: 'abort' } });
      }
      const { memberId, generation, groupInstanceId } = group;
      return { ...writer, generationIdOrMemberEpoch: generation, memberId, groupInstanceId, topics };
    };
    await this.#call(apis.txnOffsetCommit, body, {
      kind: 'group',
      key: groupId,
      versionMax: isV2 ? versionMax : v1OffsetsMax,
      codesOf: (answer) => answer.topics.flatMap(({ partitions }) => partitions.map((row) => row.errorCode)),
    });
  }

  /** Gives the numbers for the next transaction, where the coordinator tells them. */
  async end(identity: TransactionIdentity, isCommit: boolean, isV2: boolean): Promise<TransactionIdentity | undefined> {
    const body = {
      transactionalId: this.#transactionalId,
      producerId: identity.producerId,
      producerEpoch: identity.epoch,
      committed: isCommit,
    };
    const answer = await this.#call(apis.endTxn, body, {
      ...this.#transaction,
      versionMax: isV2 ? undefined : v1EndMax,
      codesOf: (row) => [row.errorCode],
    });
    return answer.producerId < 0 ? undefined : { producerId: answer.producerId, epoch: answer.producerEpoch };
  }

  get #transaction() {
    return { kind: 'transaction' as const, key: this.#transactionalId };
  }

  async #call<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    body: RequestBody<Req>,
    { kind, key, versionMax, codesOf }: CallOptions<Res>,
  ): Promise<MessageOf<Res>> {
    const { clock } = this.#connection.host;
    const until = clock.monotonic() + this.#waitMsMax;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#try(api, body, kind, key, versionMax);
      const code = outcome instanceof WireFault ? undefined : worstOf(codesOf(outcome));
      if (!(outcome instanceof WireFault) && code === errorCode.NONE) return outcome;
      const fault = outcome instanceof WireFault ? outcome : transactionFault(code!);
      const isBusy = code === errorCode.CONCURRENT_TRANSACTIONS;
      if (!isBusy && code !== errorCode.COORDINATOR_LOAD_IN_PROGRESS) this.#client.forgetCoordinator(kind, key);
      if (!fault.retriable || clock.monotonic() >= until) throw fault;
      if (isBusy && attempt < 10) await new Promise<void>((resolve) => void clock.after(concurrentPauseMs, resolve));
      else await this.#connection.pause(attempt);
    }
  }

  async #try<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    body: RequestBody<Req>,
    kind: CoordinatorKind,
    key: string,
    versionMax: number | undefined,
  ): Promise<MessageOf<Res> | WireFault> {
    try {
      const coordinator = await this.#client.coordinator(kind, key);
      return await this.#client.request(coordinator, api, body, { lane: 'transaction', versionMax });
    } catch (error) {
      if (error instanceof WireFault) return error;
      throw error;
    }
  }
}
