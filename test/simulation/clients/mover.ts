import { apis } from '../../../engine/protocol/api-keys.ts';
import { zeroUuid } from '../../../engine/protocol/uuid.ts';
import { portOf } from '../world/machine.ts';
import { apiErrorName, errorCode } from './errors.ts';
import type { KafkaClient } from './kafka-client.ts';

const timeoutMs = 8_000;
const replicasMin = 2;
const replicasMax = 4;
/** Voters are taken out only while more than these are left: the quorum has to bear the loss of one. */
const votersMin = 3;

/**
 * Moves the partitions that producers write to from broker to broker, calls moves off, asks for elections, and takes voters out of
 * the quorum and in again. At the end every partition gets back as many replicas as it had.
 */
export class Mover {
  isOpen = true;
  readonly client: KafkaClient;
  #isBusy = false;

  constructor(client: KafkaClient) {
    this.client = client;
  }

  get isIdle(): boolean {
    return !this.#isBusy;
  }

  start(): void {
    this.#isBusy = true;
    void this.#run().finally(() => {
      this.#isBusy = false;
    });
  }

  async #run(): Promise<void> {
    const { client } = this;
    while (this.isOpen && !client.isStopped) {
      await client.sleep(client.random.next() * 1_500);
      const choice = client.random.next();
      if (choice < 0.55) await this.#move(...this.#anyPartition(), this.#anyReplicas());
      else if (choice < 0.7) await this.#move(...this.#anyPartition(), null);
      else if (choice < 0.85) await this.#elect(...this.#anyPartition());
      else await this.#changeVoters();
    }
    await this.#restore();
  }

  #anyPartition(): [topic: string, partition: number] {
    const { topics } = this.client.world.options;
    const { name, partitions } = topics[this.client.below(topics.length)]!;
    return [name, this.client.below(partitions)];
  }

  #anyReplicas(): number[] {
    const brokers = this.#shuffled();
    const sizes = Math.min(replicasMax, brokers.length) - replicasMin + 1;
    return brokers.slice(0, replicasMin + this.client.below(sizes));
  }

  #shuffled(): number[] {
    const rest = Array.from({ length: this.client.world.options.brokers }, (_, index) => index + 1);
    const shuffled: number[] = [];
    while (rest.length) shuffled.push(...rest.splice(this.client.below(rest.length), 1));
    return shuffled;
  }

  async #move(name: string, partitionIndex: number, replicas: number[] | null): Promise<boolean> {
    const topics = [{ name, partitions: [{ partitionIndex, replicas }] }];
    const request = { topics, timeoutMs: 3_000 };
    const reply = await this.client.ask(this.client.anyBroker(), apis.alterPartitionReassignments, request, {
      timeoutMs,
    });
    const code = reply?.responses[0]?.partitions[0]?.errorCode;
    this.#trace(`move ${name}-${partitionIndex} to ${replicas}`, code);
    return code === errorCode.NONE;
  }

  async #elect(topic: string, partition: number): Promise<void> {
    const topicPartitions = [{ topic, partitions: [partition] }];
    const request = { electionType: 0, topicPartitions, timeoutMs: 3_000 };
    const reply = await this.client.ask(this.client.anyBroker(), apis.electLeaders, request, { timeoutMs });
    this.#trace(`elect ${topic}-${partition}`, reply?.replicaElectionResults[0]?.partitionResult[0]?.errorCode);
  }

  async #changeVoters(): Promise<void> {
    const { client } = this;
    const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
    const quorum = await client.ask(client.anyBroker(), apis.describeQuorum, { topics }, { timeoutMs });
    const voters = quorum?.topics[0]?.partitions[0]?.currentVoters.map(({ replicaId }) => replicaId) ?? [];
    if (voters.length === 0) return;
    const voterId = client.anyBroker();
    const who = { clusterId: null, voterId, voterDirectoryId: zeroUuid };
    if (!voters.includes(voterId)) {
      const listeners = [{ name: 'CONTROLLER', host: 'sim', port: portOf(voterId) }];
      const request = { ...who, listeners, timeoutMs: 3_000 };
      const reply = await client.ask(client.anyBroker(), apis.addRaftVoter, request, { timeoutMs });
      this.#trace(`add voter ${voterId}`, reply?.errorCode);
    } else if (voters.length > votersMin) {
      const reply = await client.ask(client.anyBroker(), apis.removeRaftVoter, who, { timeoutMs });
      this.#trace(`remove voter ${voterId}`, reply?.errorCode);
    }
  }

  /** What is left behind with the rest must not be what a partition needs: all get their replicas back. */
  async #restore(): Promise<void> {
    const { client } = this;
    for (const { name, partitions, replicationFactor } of client.world.options.topics)
      for (let partition = 0; partition < partitions; partition++) {
        const replicas = this.#shuffled().slice(0, replicationFactor);
        while (!client.isStopped && !(await this.#move(name, partition, replicas))) await client.sleep(100);
      }
  }

  #trace(what: string, code: number | undefined): void {
    this.client.trace(`${what}: ${code === undefined ? 'no answer' : apiErrorName(code)}`);
  }
}
