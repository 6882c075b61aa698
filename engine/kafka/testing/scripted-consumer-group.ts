import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { ConsumerGroupHeartbeatRequest } from '../../protocol/schemas/68-consumer-group-heartbeat.ts';
import type { ScriptedCluster } from './scripted-cluster.ts';
import type { ScriptedGroup } from './scripted-group.ts';
import type { ScriptedLogs } from './scripted-logs.ts';

/** The coordinator's side of KIP-848 for one member: assigns what the test says and notes what the member tells. */
export class ScriptedConsumerGroup {
  readonly beats: ConsumerGroupHeartbeatRequest[] = [];
  /** What the next answers refuse with; used up from the front. 'answer lost': it is carried out, the answer never comes. */
  readonly refusals: (number | 'answer lost')[] = [];
  /** Partitions of topic `t` as the member has last told; undefined before that. */
  owned: readonly number[] | undefined;
  #wanted: readonly number[];
  #isNew = true;
  readonly #group: ScriptedGroup;
  readonly #logs: ScriptedLogs;

  constructor(cluster: ScriptedCluster, logs: ScriptedLogs, group: ScriptedGroup, wanted: readonly number[]) {
    this.#group = group;
    this.#logs = logs;
    this.#wanted = wanted;
    cluster.on(apis.consumerGroupHeartbeat, ({ broker, body }) => {
      this.beats.push(body);
      const refusal = broker === group.coordinator ? this.refusals.shift() : errorCode.NOT_COORDINATOR;
      if (typeof refusal === 'number') return this.#refuse(refusal);
      const answer = this.#answer(body);
      return refusal === 'answer lost' ? 'close' : answer;
    });
  }

  /** Wants the member to have these partitions of `t` from now on. */
  assign(partitions: readonly number[]): void {
    this.#wanted = partitions;
    this.#isNew = true;
    this.#group.generation++;
  }

  /** Throws the member out, as after a session that ended. */
  fence(): void {
    this.#group.memberId = 'another';
  }

  #refuse(code: number) {
    return { throttleTimeMs: 0, errorCode: code, memberEpoch: 0, heartbeatIntervalMs: 0 };
  }

  #answer({ memberId, memberEpoch, topicPartitions, rebalanceTimeoutMs }: ConsumerGroupHeartbeatRequest) {
    const group = this.#group;
    if (memberEpoch < 0) {
      group.leaves++;
      return { throttleTimeMs: 0, errorCode: 0, memberId, memberEpoch, heartbeatIntervalMs: 0 };
    }
    if (memberEpoch === 0) {
      group.memberId = memberId;
      group.generation++;
      group.joins++;
      this.#isNew = true;
      this.owned = undefined;
    } else if (memberId !== group.memberId) return this.#refuse(errorCode.UNKNOWN_MEMBER_ID);
    if (topicPartitions && memberEpoch > 0) this.owned = topicPartitions.flatMap(({ partitions }) => partitions).sort();
    // Told again when everything is said again: the member may not have heard it.
    const isTold = this.#isNew || rebalanceTimeoutMs >= 0;
    this.#isNew = false;
    const topicId = this.#logs.topics.get('t')!.id;
    const assigned = this.#wanted.length > 0 ? [{ topicId, partitions: [...this.#wanted] }] : [];
    return {
      throttleTimeMs: 0,
      errorCode: 0,
      memberId,
      memberEpoch: group.generation,
      heartbeatIntervalMs: 100,
      assignment: isTold ? { topicPartitions: assigned } : null,
    };
  }
}
