import type { Cancel } from '../../base/clock.ts';
import type { KafkaConnection } from '../connection.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';
import type { GroupMember } from './group-member.ts';
import type { SubscribedTopics } from './subscribed-topics.ts';

/** Topics grow and appear: their members subscribe anew, and the leader, which assigns partitions, has the group join anew. */
export class TopicWatch {
  readonly #connection: KafkaConnection;
  readonly #client: ClusterClient;
  readonly #topics: SubscribedTopics;
  readonly #member: GroupMember;
  readonly #trouble: (error: unknown, action: string) => void;
  #stopTimer: Cancel = () => {};
  #unwatch: Cancel = () => {};
  #isOn = false;

  constructor(
    connection: KafkaConnection,
    client: ClusterClient,
    topics: SubscribedTopics,
    member: GroupMember,
    trouble: (error: unknown, action: string) => void,
  ) {
    this.#connection = connection;
    this.#client = client;
    this.#topics = topics;
    this.#member = member;
    this.#trouble = trouble;
  }

  start(): void {
    this.#isOn = true;
    this.#unwatch = this.#client.metadata.onChange(() => this.look());
    this.#plan();
  }

  stop(): void {
    this.#isOn = false;
    this.#stopTimer();
    this.#unwatch();
  }

  /** Whether the group's partitions are others than those that were assigned, as far as is known now. */
  look(): void {
    const { isLeader, isStable } = this.#member;
    if (isLeader && isStable && this.#isOn && this.#topics.hasChanged()) this.#member.rejoin();
  }

  #plan(): void {
    const { host, settings } = this.#connection;
    this.#stopTimer = host.clock.after(settings.metadataMaxAgeMs ?? 300_000, () => {
      void this.#ask()
        .catch((error) => this.#trouble(error, 'look for new partitions'))
        .finally(() => {
          if (this.#isOn) this.#plan();
        });
    });
  }

  async #ask(): Promise<void> {
    if (await this.#topics.refresh()) this.#member.rejoin();
    else if (this.#member.isLeader) {
      await this.#topics.lookAgain();
      this.look();
    }
  }
}
