import { MillraceError } from '../../base/errors.ts';
import { clientApis } from '../../protocol/client-apis.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { uuidFromRandom } from '../../protocol/uuid.ts';
import type { KafkaConnection } from '../connection.ts';
import { pause } from '../consumer/while-it-helps.ts';
import { BeatPause, firstBeatMs, nextBeatMs } from '../groups/beat-pause.ts';
import { lostErrors, mayMend } from '../groups/member-errors.ts';
import { TopicIds } from '../groups/topic-ids.ts';
import { protocolFault } from '../kafka-error.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';

/** A partition that the coordinator wants us to read. */
export interface SharePartitionId {
  readonly topicId: string;
  readonly topic: string;
  readonly partition: number;
}

export interface ShareMemberSettings {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly clientRack?: string | undefined;
}

export interface ShareMemberOwner {
  /** What to read now, all of it. */
  assigned(partitions: readonly SharePartitionId[]): void;
  trouble(error: unknown, action: string): void;
  /** Nothing mends this. */
  failed(error: unknown): void;
}

const joiningEpoch = 0;
const leavingEpoch = -1;
const beatWaitMsMax = 30_000;

/**
 * A member of a share group (KIP-932): beats, and is told what to read. Partitions are not its own, so nothing is given up in turns:
 * records that it has acquired stay its own, wherever the partition goes.
 */
export class ShareMember {
  readonly memberId: string;
  readonly #connection: KafkaConnection;
  readonly #client: ClusterClient;
  readonly #settings: ShareMemberSettings;
  readonly #owner: ShareMemberOwner;
  readonly #ids: TopicIds;
  readonly #abort = new AbortController();
  readonly #pause: BeatPause;
  #epoch = joiningEpoch;
  #beatMs = firstBeatMs;
  #failures = 0;
  /** Since it joined. */
  #beats = 0;
  #hasPartitions = false;
  #target: readonly { readonly topicId: string; readonly partitions: readonly number[] }[] | undefined;

  constructor(
    connection: KafkaConnection,
    client: ClusterClient,
    settings: ShareMemberSettings,
    owner: ShareMemberOwner,
  ) {
    this.#connection = connection;
    this.#client = client;
    this.#settings = settings;
    this.#owner = owner;
    this.#ids = new TopicIds(client);
    this.#pause = new BeatPause(connection.host.clock);
    this.memberId = uuidFromRandom(connection.host.random.bytes(16));
  }

  start(): void {
    void this.#run();
  }

  /** Leaves the group; what takes longer than the request timeout is given up. */
  async close(): Promise<void> {
    const wasMember = this.#epoch > joiningEpoch;
    this.#abort.abort();
    this.#pause.end();
    if (!wasMember) return;
    const { groupId } = this.#settings;
    const coordinator = await this.#client.coordinator('group', groupId);
    const body = { groupId, memberId: this.memberId, memberEpoch: leavingEpoch };
    await this.#client.request(coordinator, clientApis.shareGroupHeartbeat, body);
  }

  get #isClosed(): boolean {
    return this.#abort.signal.aborted;
  }

  get #nextBeatMs(): number {
    return nextBeatMs(this.#beatMs, this.#beats, this.#hasPartitions);
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#beat();
        const isPlaced = await this.#place();
        this.#failures = 0;
        const isSoon = this.#epoch === joiningEpoch;
        if (!isSoon) await this.#pause.wait(isPlaced ? this.#nextBeatMs : this.#connection.backoffMs(1));
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  async #beat(): Promise<void> {
    const { groupId, topics, clientRack } = this.#settings;
    const isJoining = this.#epoch === joiningEpoch;
    const coordinator = await this.#client.coordinator('group', groupId);
    const body = {
      groupId,
      memberId: this.memberId,
      memberEpoch: this.#epoch,
      ...(isJoining ? { rackId: clientRack ?? null, subscribedTopicNames: [...topics] } : {}),
    };
    const options = { lane: 'group', timeoutMs: beatWaitMsMax, signal: this.#abort.signal };
    const answer = await this.#client.request(coordinator, clientApis.shareGroupHeartbeat, body, options);
    if (lostErrors.has(answer.errorCode)) {
      this.#epoch = joiningEpoch;
      throw protocolFault(errorCode.COORDINATOR_LOAD_IN_PROGRESS, answer.errorMessage);
    }
    if (answer.errorCode !== errorCode.NONE) throw protocolFault(answer.errorCode, answer.errorMessage);
    this.#beats = isJoining ? 1 : this.#beats + 1;
    this.#epoch = answer.memberEpoch;
    this.#beatMs = answer.heartbeatIntervalMs;
    if (answer.assignment) this.#target = answer.assignment.topicPartitions;
  }

  /** Tells the owner what it reads now; false while the name of a topic is not known. */
  async #place(): Promise<boolean> {
    const target = this.#target;
    if (!target) return true;
    await this.#ids.learn(
      target.map(({ topicId }) => topicId),
      this.#abort.signal,
    );
    const known = target.filter(({ topicId }) => this.#ids.nameOf(topicId) !== undefined);
    const partitions = known.flatMap(({ topicId, partitions: numbers }) =>
      numbers.map((partition) => ({ topicId, topic: this.#ids.nameOf(topicId)!, partition })),
    );
    if (this.#isClosed) return true;
    this.#hasPartitions = partitions.length > 0;
    this.#owner.assigned(partitions);
    const isComplete = known.length === target.length;
    if (isComplete) this.#target = undefined;
    return isComplete;
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#isClosed) return;
    const { groupId } = this.#settings;
    if (!(error instanceof MillraceError && mayMend(error))) {
      this.#abort.abort();
      const isKnown = error instanceof MillraceError;
      this.#owner.failed(isKnown ? this.#connection.error(error, `join share group "${groupId}"`) : error);
      return;
    }
    this.#failures++;
    this.#client.forgetCoordinator('group', groupId);
    if (this.#epoch !== joiningEpoch || this.#failures > 1)
      this.#owner.trouble(error, `stay in share group "${groupId}"`);
    await pause(this.#connection, this.#connection.backoffMs(this.#failures), this.#abort.signal);
  }
}
