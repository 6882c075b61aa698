import { errorCode } from '../../../protocol/error-codes.ts';
import type { AlterPartitionResponse } from '../../../protocol/schemas/56-alter-partition.ts';
import type { AlterPartitionInput } from '../../replica/in-sync/isr-changes.ts';

export interface FakePartition {
  replicas: number[];
  isr: number[];
  leader: number;
  leaderEpoch: number;
  partitionEpoch: number;
}

export interface FakeTopic {
  readonly id: string;
  readonly name: string;
  readonly partitions: FakePartition[];
}

type AskedPartition = NonNullable<AlterPartitionInput['topics'][number]['partitions']>[number];

/** The controller's part in replication: partition records, elections, and AlterPartition with its checks (KIP-497, 841, 903). */
export class FakeController {
  readonly topics = new Map<string, FakeTopic>();
  /** Registered brokers: epoch, and whether they are in service. */
  readonly brokers = new Map<number, { epoch: number; isEligible: boolean }>();
  /** AlterPartition requests that came in. */
  readonly requests: AlterPartitionInput[] = [];

  createTopic(name: string, id: string, assignments: readonly (readonly number[])[]): FakeTopic {
    const partitions = assignments.map((replicas) => ({
      replicas: [...replicas],
      isr: [...replicas],
      leader: replicas[0] ?? -1,
      leaderEpoch: 0,
      partitionEpoch: 0,
    }));
    const topic = { id, name, partitions };
    this.topics.set(name, topic);
    return topic;
  }

  partition(name: string, index = 0): FakePartition {
    return this.topics.get(name)?.partitions[index] as FakePartition;
  }

  /** Elects `leader`, which must be in the in-sync set unless `isr` replaces it. */
  elect(name: string, leader: number, isr?: readonly number[], index = 0): void {
    const partition = this.partition(name, index);
    if (isr) partition.isr = [...isr];
    partition.leader = leader;
    partition.leaderEpoch++;
    partition.partitionEpoch++;
  }

  alterPartition(request: AlterPartitionInput): AlterPartitionResponse {
    this.requests.push(request);
    const topics = request.topics.map(({ topicId = '', partitions }) => {
      const topic = [...this.topics.values()].find(({ id }) => id === topicId);
      const rows = partitions.map((asked) => this.#alterOne(topic?.partitions[asked.partitionIndex], asked));
      return { topicId, partitions: rows };
    });
    return { throttleTimeMs: 0, errorCode: errorCode.NONE, topics };
  }

  #alterOne(partition: FakePartition | undefined, asked: AskedPartition) {
    const code = this.#refusal(partition, asked);
    if (partition && code === errorCode.NONE) {
      partition.isr = (asked.newIsrWithEpochs ?? []).map(({ brokerId }) => brokerId ?? -1);
      partition.partitionEpoch++;
    }
    return {
      partitionIndex: asked.partitionIndex,
      errorCode: code,
      leaderId: partition?.leader ?? -1,
      leaderEpoch: partition?.leaderEpoch ?? -1,
      isr: [...(partition?.isr ?? [])],
      leaderRecoveryState: 0,
      partitionEpoch: partition?.partitionEpoch ?? -1,
    };
  }

  #refusal(partition: FakePartition | undefined, asked: AskedPartition): number {
    if (!partition) return errorCode.UNKNOWN_TOPIC_ID;
    if (asked.leaderEpoch !== partition.leaderEpoch) return errorCode.FENCED_LEADER_EPOCH;
    if (asked.partitionEpoch !== partition.partitionEpoch) return errorCode.INVALID_UPDATE_VERSION;
    const isIneligible = (asked.newIsrWithEpochs ?? []).some(({ brokerId = -1, brokerEpoch = -1 }) => {
      const broker = this.brokers.get(brokerId);
      return !broker?.isEligible || (brokerEpoch !== -1 && brokerEpoch !== broker.epoch);
    });
    return isIneligible ? errorCode.INELIGIBLE_REPLICA : errorCode.NONE;
  }
}
