import { MillraceError } from '../../base/errors.ts';
import { apis } from '../../protocol/api-keys.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { ConsumerGroupHeartbeatResponse } from '../../protocol/schemas/68-consumer-group-heartbeat.ts';
import { uuidFromRandom } from '../../protocol/uuid.ts';
import type { KafkaConnection } from '../connection.ts';
import { pause } from '../consumer/while-it-helps.ts';
import { protocolFault, WireFault } from '../kafka-error.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';
import { BeatPause, firstBeatMs, nextBeatMs } from './beat-pause.ts';
import type { GroupMember, MemberOwner, Membership } from './group-member.ts';
import { elsewhereErrors, fatalForAll, lostErrors, mayMend } from './member-errors.ts';
import type { TopicPartition } from './subscription.ts';
import { TopicIds } from './topic-ids.ts';

/** How a member takes part in a group of the consumer protocol. */
export interface ConsumerMemberSettings {
  readonly groupId: string;
  /** `group.instance.id`: such a member does not leave when it stops, and comes back to its partitions (KIP-345). */
  readonly groupInstanceId?: string | undefined;
  /** Whose topics are read beside `topics`: matched by the coordinator, in RE2's syntax. */
  readonly topicPattern?: RegExp | undefined;
  readonly topics: readonly string[];
  /** Who assigns, at the coordinator: `uniform`, `range` or one of its own; undefined: its first. */
  readonly serverAssignor?: string | undefined;
  readonly clientRack?: string | undefined;
  /** Without an answer for this long we take ourselves for lost. */
  readonly sessionWaitMsMax: number;
  readonly rebalanceWaitMsMax: number;
}

type Assigned = NonNullable<ConsumerGroupHeartbeatResponse['assignment']>['topicPartitions'];

/** Epochs with a meaning of their own. */
const joiningEpoch = 0;
const leavingEpoch = -1;
const staticLeavingEpoch = -2;
/** First version in which members make their ids and the coordinator matches patterns. */
const ownIdMin = 1;

const fatalErrors: ReadonlySet<number> = new Set<ErrorCode>([
  ...fatalForAll,
  errorCode.UNRELEASED_INSTANCE_ID,
  errorCode.UNSUPPORTED_ASSIGNOR,
  errorCode.INVALID_REGULAR_EXPRESSION,
  errorCode.INVALID_REQUEST,
  errorCode.GROUP_ID_NOT_FOUND,
]);

/**
 * A member of a group of the consumer protocol (KIP-848): the coordinator assigns and tells by its answers to heartbeats what is ours
 * now. What it takes away is given up first (settled, committed) and only then acknowledged, so that nobody reads it beside us; beats
 * go on meanwhile. Says in a beat only what has changed.
 */
export class ConsumerMember implements GroupMember {
  readonly isLeader = false;
  readonly #connection: KafkaConnection;
  readonly #client: ClusterClient;
  readonly #settings: ConsumerMemberSettings;
  readonly #owner: MemberOwner;
  readonly #ids: TopicIds;
  readonly #abort = new AbortController();
  readonly #pause: BeatPause;
  #memberId: string;
  #epoch = joiningEpoch;
  #beatMs = firstBeatMs;
  /** Answered ones since it joined. */
  #beats = 0;
  #heardAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  /** What the coordinator wants us to have. */
  #target: Assigned | undefined;
  /** What we have of it and have not told yet. */
  #toTell: Assigned | undefined;
  /** What we have. */
  #owned: Assigned = [];
  #isReconciling = false;
  /** A beat may not have arrived: the next says everything. */
  #saysAll = false;
  /** Subscriptions are said again. */
  #hasChanged = true;

  constructor(
    connection: KafkaConnection,
    client: ClusterClient,
    settings: ConsumerMemberSettings,
    owner: MemberOwner,
  ) {
    this.#connection = connection;
    this.#client = client;
    this.#settings = settings;
    this.#owner = owner;
    this.#ids = new TopicIds(client);
    this.#pause = new BeatPause(connection.host.clock);
    this.#memberId = uuidFromRandom(connection.host.random.bytes(16));
  }

  get membership(): Membership | undefined {
    return this.#epoch <= joiningEpoch ? undefined : { memberId: this.#memberId, generation: this.#epoch };
  }

  get isStable(): boolean {
    return this.#epoch > joiningEpoch && !this.#isReconciling && this.#target === undefined;
  }

  start(): void {
    void this.#run();
  }

  rejoin(): void {
    this.#hasChanged = true;
    this.#pause.end();
  }

  refused(code: number): void {
    if (this.#isClosed) return;
    if (fatalErrors.has(code)) this.#fail(protocolFault(code));
    else this.#takeRefusal(code);
  }

  async close(): Promise<void> {
    const wasMember = this.#epoch > joiningEpoch;
    const isStatic = this.#settings.groupInstanceId !== undefined;
    this.#end();
    if (!wasMember) return;
    const coordinator = await this.#client.coordinator('group', this.#settings.groupId);
    const body = {
      groupId: this.#settings.groupId,
      memberId: this.#memberId,
      memberEpoch: isStatic ? staticLeavingEpoch : leavingEpoch,
      instanceId: this.#instanceId,
    };
    await this.#client.request(coordinator, apis.consumerGroupHeartbeat, body);
  }

  get #isClosed(): boolean {
    return this.#abort.signal.aborted;
  }

  get #instanceId(): string | null {
    return this.#settings.groupInstanceId ?? null;
  }

  #end(): void {
    this.#abort.abort();
    this.#epoch = leavingEpoch;
    this.#pause.end();
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    this.#end();
    this.#owner.failed(error);
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        if (this.#epoch === joiningEpoch) await this.#owner.beforeJoin();
        if (this.#isClosed) return;
        await this.#beat();
        this.#failures = 0;
        if (this.#target && !this.#isReconciling) void this.#reconcile();
        if (!this.#hasChanged && !this.#toTell && this.#epoch > joiningEpoch)
          await this.#pause.wait(nextBeatMs(this.#beatMs, this.#beats, this.#owned.length > 0));
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  async #beat(): Promise<void> {
    const { groupId } = this.#settings;
    const isJoining = this.#epoch === joiningEpoch;
    const epoch = this.#epoch;
    const toTell = this.#toTell;
    this.#hasChanged = false;
    this.#toTell = undefined;
    try {
      const coordinator = await this.#client.coordinator('group', groupId);
      const body = (version: number) => this.#body(version, isJoining, toTell, this.#saysAll || isJoining);
      const options = { lane: 'group', timeoutMs: this.#settings.sessionWaitMsMax, signal: this.#abort.signal };
      const answer = await this.#client.request(coordinator, apis.consumerGroupHeartbeat, body, options);
      // We were lost in between, by a commit that was refused: what is answered is of a membership that was.
      if (epoch !== this.#epoch) return;
      this.#check(answer);
      this.#saysAll = false;
      this.#take(answer);
    } catch (error) {
      // It may not have arrived: everything is said again.
      this.#saysAll = true;
      this.#toTell ??= toTell;
      throw error;
    }
  }

  #body(version: number, isJoining: boolean, toTell: Assigned | undefined, saysAll: boolean) {
    const { groupId, rebalanceWaitMsMax, serverAssignor, clientRack, topicPattern, topics } = this.#settings;
    const isMatchedThere = topicPattern !== undefined && version >= ownIdMin;
    if (isJoining && version < ownIdMin) this.#memberId = '';
    const owned = saysAll ? (toTell ?? this.#owned) : toTell;
    return {
      groupId,
      memberId: this.#memberId,
      memberEpoch: this.#epoch,
      instanceId: this.#instanceId,
      topicPartitions: isJoining ? [] : (owned ?? null),
      ...(saysAll
        ? {
            rackId: clientRack ?? null,
            rebalanceTimeoutMs: rebalanceWaitMsMax,
            serverAssignor: serverAssignor ?? null,
            subscribedTopicNames: [...(isMatchedThere ? topics : this.#owner.subscription().topics)],
            subscribedTopicRegex: isMatchedThere ? re2Of(topicPattern) : null,
          }
        : {}),
    };
  }

  #take(answer: ConsumerGroupHeartbeatResponse): void {
    this.#beats = this.#epoch === joiningEpoch ? 1 : this.#beats + 1;
    if (answer.memberId) this.#memberId = answer.memberId;
    this.#epoch = answer.memberEpoch;
    this.#beatMs = answer.heartbeatIntervalMs;
    this.#heardAt = this.#connection.host.clock.monotonic();
    if (answer.assignment) this.#target = answer.assignment.topicPartitions;
  }

  /** Throws for a refusal, after noting what it means for the membership. */
  #check({ errorCode: code, errorMessage }: ConsumerGroupHeartbeatResponse): void {
    if (code === errorCode.NONE) return;
    const fault = protocolFault(code, errorMessage);
    if (fatalErrors.has(code)) throw new WireFault(fault.code, fault.message, { details: fault.details });
    this.#takeRefusal(code);
    if (lostErrors.has(code)) throw new WireFault('KAFKA_REBALANCE', fault.message);
    throw fault;
  }

  #takeRefusal(code: number): void {
    if (elsewhereErrors.has(code)) this.#client.forgetCoordinator('group', this.#settings.groupId);
    if (lostErrors.has(code)) this.#lose();
  }

  #lose(): void {
    const wasMember = this.#epoch > joiningEpoch;
    this.#epoch = joiningEpoch;
    this.#target = undefined;
    this.#toTell = undefined;
    this.#owned = [];
    if (wasMember) this.#owner.lost();
    this.#pause.end();
  }

  /** Refusals were noted where they came; what is left is an environment that time mends, or a bug that it does not. */
  async #recover(error: unknown): Promise<void> {
    if (this.#isClosed) return;
    if (!(error instanceof MillraceError)) {
      this.#fail(error);
      return;
    }
    const { groupId, sessionWaitMsMax } = this.#settings;
    const isRound = error.code === 'KAFKA_REBALANCE';
    if (!isRound && !mayMend(error)) {
      this.#fail(this.#connection.error(error, `join group "${groupId}"`));
      return;
    }
    this.#failures++;
    if (!isRound) {
      this.#client.forgetCoordinator('group', groupId);
      this.#owner.trouble(error, `stay in group "${groupId}"`);
    }
    const isOver = this.#connection.host.clock.monotonic() - this.#heardAt > sessionWaitMsMax;
    // The coordinator has given us up by now, if there is one: what we read others may read too.
    if (isOver && this.#epoch > joiningEpoch) this.#lose();
    await pause(this.#connection, this.#connection.backoffMs(this.#failures), this.#abort.signal);
  }

  /** Takes over what the coordinator wants, one target after the other, while beats go on. */
  async #reconcile(): Promise<void> {
    this.#isReconciling = true;
    try {
      for (let attempt = 1; this.#target && !this.#isClosed; attempt++) {
        const target = this.#target;
        await this.#ids.learn(
          target.map(({ topicId }) => topicId),
          this.#abort.signal,
        );
        if (this.#target !== target) continue;
        const known = target.filter(({ topicId }) => this.#ids.nameOf(topicId) !== undefined);
        await this.#owner.joined(this.#partitionsOf(known), this.membership!);
        if (this.#target !== target) continue;
        const hasChanged = textOf(known) !== textOf(this.#owned);
        this.#owned = known;
        if (hasChanged) {
          this.#toTell = known;
          this.#pause.end();
        }
        if (known.length === target.length) this.#target = undefined;
        // A topic that no broker knows yet, or that is gone.
        else await pause(this.#connection, this.#connection.backoffMs(attempt), this.#abort.signal);
      }
    } catch (error) {
      if (this.#isClosed) return;
      if (!(error instanceof MillraceError)) this.#fail(error);
      // The next beat tries again.
      else this.#owner.trouble(error, 'take over the assigned partitions');
    } finally {
      this.#isReconciling = false;
    }
  }

  #partitionsOf(assigned: Assigned): TopicPartition[] {
    return assigned.flatMap(({ topicId, partitions }) =>
      partitions.map((partition) => ({ topic: this.#ids.nameOf(topicId)!, partition })),
    );
  }
}

function textOf(assigned: Assigned): string {
  const rows = assigned.map(({ topicId, partitions }) => `${topicId} ${[...partitions].sort((a, b) => a - b)}`);
  return rows.sort().join('\n');
}

/** The pattern as RE2 takes it; the coordinator matches whole names. */
function re2Of({ source, flags }: RegExp): string {
  const options = [...flags].filter((flag) => 'ims'.includes(flag)).join('');
  return options ? `(?${options})${source}` : source;
}
