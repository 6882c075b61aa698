import { clientApis } from '../../protocol/client-apis.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { ShareFetchRequest } from '../../protocol/schemas/78-share-fetch.ts';
import { encodeBatch } from '../../records/record-batch.ts';
import type { ScriptedCluster } from './scripted-cluster.ts';
import type { ScriptedLogs } from './scripted-logs.ts';

type Outcome = 'available' | 'acquired' | 'accepted' | 'rejected';
type Topics = readonly {
  readonly topicId: string;
  readonly partitions: readonly Pick<
    ShareFetchRequest['topics'][number]['partitions'][number],
    'partitionIndex' | 'acknowledgementBatches'
  >[];
}[];

/** What happens to a request of a session: it is carried out and the answer lost, or the session is forgotten. */
export type ShareFault = 'answer lost' | 'session lost' | undefined;

const ackTypes: readonly Outcome[] = ['accepted', 'accepted', 'available', 'rejected'];

/** A share group with one member over topic `t`, judged as Kafka's leaders judge: sessions by epoch, records by their state. */
export class ScriptedShares {
  fault: () => ShareFault = () => undefined;
  joins = 0;
  leaves = 0;
  /** By `partition:offset`. */
  readonly states = new Map<string, { state: Outcome; deliveries: number; renewals: number }>();
  /** Epoch that each broker expects next. */
  readonly #sessions = new Map<number, number>();
  readonly #logs: ScriptedLogs;

  constructor(cluster: ScriptedCluster, logs: ScriptedLogs) {
    this.#logs = logs;
    cluster.on(clientApis.shareGroupHeartbeat, ({ body }) => {
      if (body.memberEpoch < 0) this.leaves++;
      if (body.memberEpoch === 0) this.joins++;
      const { id, partitions } = logs.topics.get('t')!;
      const topicPartitions = [{ topicId: id, partitions: partitions.map((_, index) => index) }];
      const assignment = body.memberEpoch === 0 ? { topicPartitions } : null;
      const { memberId } = body;
      return { throttleTimeMs: 0, errorCode: 0, memberId, memberEpoch: 1, heartbeatIntervalMs: 1_000, assignment };
    });
    cluster.on(clientApis.shareFetch, ({ broker, body }) => {
      const answer = { throttleTimeMs: 0, errorCode: 0, acquisitionLockTimeoutMs: 30_000, nodeEndpoints: [] };
      const refusal = this.#session(broker, body.shareSessionEpoch);
      if (refusal !== 0) return { ...answer, errorCode: refusal, responses: [] };
      const refused = this.#acknowledge(broker, body.topics);
      const topic = logs.topics.get('t')!;
      const rows = topic.partitions.flatMap(({ leader }, index) =>
        leader === broker ? [this.#acquire(index, refused.get(index) ?? 0)] : [],
      );
      const said = { ...answer, responses: [{ topicId: topic.id, partitions: rows }] };
      return this.fault() === 'answer lost' ? 'close' : said;
    });
    cluster.on(clientApis.shareAcknowledge, ({ broker, body }) => {
      const answer = { throttleTimeMs: 0, errorCode: 0, acquisitionLockTimeoutMs: 30_000, nodeEndpoints: [] };
      const refusal = this.#session(broker, body.shareSessionEpoch);
      if (refusal !== 0) return { ...answer, errorCode: refusal, responses: [] };
      const refused = this.#acknowledge(broker, body.topics);
      if (body.shareSessionEpoch < 0) this.#release(broker);
      const responses = body.topics.map(({ topicId, partitions }) => ({
        topicId,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode: refused.get(partitionIndex) ?? 0,
          currentLeader: { leaderId: -1, leaderEpoch: -1 },
        })),
      }));
      return this.fault() === 'answer lost' ? 'close' : { ...answer, responses };
    });
  }

  #session(broker: number, epoch: number): number {
    if (this.fault() === 'session lost') {
      this.#sessions.delete(broker);
      this.#release(broker);
    }
    if (epoch === 0) {
      this.#release(broker);
      this.#sessions.set(broker, 1);
      return 0;
    }
    const expected = this.#sessions.get(broker);
    if (expected === undefined) return errorCode.SHARE_SESSION_NOT_FOUND;
    if (epoch > 0 && epoch !== expected) return errorCode.INVALID_SHARE_SESSION_EPOCH;
    this.#sessions.set(broker, expected + 1);
    return 0;
  }

  /** Whoever closes or loses a session gives back what it has acquired through it. */
  #release(broker: number): void {
    for (const [place, entry] of this.states) {
      const { leader } = this.#logs.topics.get('t')!.partitions[Number(place.split(':')[0])]!;
      if (leader === broker && entry.state === 'acquired') entry.state = 'available';
    }
  }

  #acknowledge(broker: number, topics: Topics): Map<number, number> {
    const refused = new Map<number, number>();
    for (const { partitions } of topics)
      for (const { partitionIndex, acknowledgementBatches } of partitions)
        for (const { firstOffset, lastOffset, acknowledgeTypes } of acknowledgementBatches) {
          const { leader } = this.#logs.topics.get('t')!.partitions[partitionIndex]!;
          if (leader !== broker) refused.set(partitionIndex, errorCode.NOT_LEADER_OR_FOLLOWER);
          else
            for (let offset = firstOffset; offset <= lastOffset; offset++) {
              const entry = this.states.get(`${partitionIndex}:${offset}`);
              const type = acknowledgeTypes[offset - firstOffset] ?? acknowledgeTypes[0]!;
              if (entry?.state !== 'acquired') refused.set(partitionIndex, errorCode.INVALID_RECORD_STATE);
              else if (type === 4) entry.renewals++;
              else entry.state = ackTypes[type]!;
            }
        }
    return refused;
  }

  #acquire(index: number, acknowledgeErrorCode: number) {
    const { records } = this.#logs.topics.get('t')!.partitions[index]!;
    const acquired = records.flatMap(({ offset }) => {
      const place = `${index}:${offset}`;
      const entry = this.states.get(place) ?? { state: 'available', deliveries: 0, renewals: 0 };
      this.states.set(place, entry);
      if (entry.state !== 'available') return [];
      entry.state = 'acquired';
      return [{ firstOffset: offset, lastOffset: offset, deliveryCount: ++entry.deliveries }];
    });
    const batch = acquired.length > 0 ? encodeBatch({ records, baseTimestamp: 1_000, baseOffset: 0 }) : Buffer.alloc(0);
    return {
      partitionIndex: index,
      errorCode: 0,
      acknowledgeErrorCode,
      currentLeader: { leaderId: -1, leaderEpoch: -1 },
      records: batch,
      acquiredRecords: acquired,
    };
  }
}
