import type { Cancel } from '../../base/clock.ts';
import { MillraceError } from '../../base/errors.ts';
import { apis } from '../../protocol/api-keys.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { JoinGroupResponse } from '../../protocol/schemas/11-join-group.ts';
import type { KafkaConnection } from '../connection.ts';
import { pause } from '../consumer/while-it-helps.ts';
import { protocolFault, WireFault } from '../kafka-error.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';
import type { Assignor, MemberOfGroup } from './assignors.ts';
import type { GroupMember, MemberOwner, Membership } from './group-member.ts';
import { elsewhereErrors, fatalForAll, mayMend } from './member-errors.ts';
import type { TopicPartition } from './subscription.ts';
import { decodeAssignment, encodeAssignment, encodeSubscription, subscriptionOf } from './subscription.ts';

/** How a member takes part in its group. */
export interface MemberSettings {
  readonly groupId: string;
  /** `group.instance.id`: such a member does not leave when it stops, and comes back to its partitions (KIP-345). */
  readonly groupInstanceId?: string | undefined;
  readonly sessionWaitMsMax: number;
  readonly heartbeatIntervalMs: number;
  readonly rebalanceWaitMsMax: number;
  /** In the order of preference; the group takes one that all members have. */
  readonly assignors: readonly Assignor[];
}

const protocolType = 'consumer';
/** A join is answered when the last member has joined: it must outlive the rebalance. */
const joinGraceMs = 10_000;

const fatalErrors: ReadonlySet<number> = new Set<ErrorCode>([
  ...fatalForAll,
  errorCode.INCONSISTENT_GROUP_PROTOCOL,
  errorCode.INVALID_SESSION_TIMEOUT,
]);
/** Refusals that another round of joining answers. */
const roundErrors: ReadonlySet<number> = new Set<ErrorCode>([
  errorCode.REBALANCE_IN_PROGRESS,
  errorCode.ILLEGAL_GENERATION,
  errorCode.UNKNOWN_MEMBER_ID,
]);

/**
 * A member of a consumer group, classic protocol: joins, assigns when it leads, beats, joins again, leaves. Its requests have a
 * socket of their own, so that no beat waits behind a fetch. Beats go on while the owner restores or flushes.
 */
export class ClassicMember implements GroupMember {
  readonly #connection: KafkaConnection;
  readonly #client: ClusterClient;
  readonly #settings: MemberSettings;
  readonly #owner: MemberOwner;
  readonly #abort = new AbortController();
  #memberId = '';
  #generation = -1;
  #isLeader = false;
  #wantsJoin = true;
  #isJoining = false;
  #isBeating = false;
  #failures = 0;
  #heardAt = 0;
  #cancelBeat: Cancel = () => {};
  #wake = () => {};

  constructor(connection: KafkaConnection, client: ClusterClient, settings: MemberSettings, owner: MemberOwner) {
    this.#connection = connection;
    this.#client = client;
    this.#settings = settings;
    this.#owner = owner;
  }

  /** Who we are, for commits; undefined while we are no member. */
  get membership(): Membership | undefined {
    return this.#generation < 0 ? undefined : { memberId: this.#memberId, generation: this.#generation };
  }

  get isLeader(): boolean {
    return this.#isLeader;
  }

  /** Joined, and no other round wished for. */
  get isStable(): boolean {
    return this.#generation >= 0 && !this.#isJoining && !this.#wantsJoin;
  }

  start(): void {
    void this.#run();
  }

  /** Begins a round of joining: something changed that concerns the whole group. */
  rejoin(): void {
    this.#wantsJoin = true;
    this.#wake();
  }

  /** What a commit or an offset fetch was told about our membership. */
  refused(code: number): void {
    if (this.#isClosed) return;
    if (fatalErrors.has(code)) this.#fail(protocolFault(code));
    else this.#takeRefusal(code);
  }

  /** Leaves the group, unless it is a static member's, and ends. What takes longer than the request timeout is given up. */
  async close(): Promise<void> {
    const memberId = this.#memberId;
    this.#end();
    if (memberId === '' || this.#settings.groupInstanceId !== undefined) return;
    const { groupId } = this.#settings;
    const body = { groupId, memberId, members: [{ memberId, reason: 'the consumer is being closed' }] };
    const coordinator = await this.#client.coordinator('group', groupId);
    // Not on the socket of the group: a join that waits there would hold it up.
    await this.#client.request(coordinator, apis.leaveGroup, body);
  }

  get #isClosed(): boolean {
    return this.#abort.signal.aborted;
  }

  get #instanceId(): string | null {
    return this.#settings.groupInstanceId ?? null;
  }

  #end(): void {
    this.#abort.abort();
    this.#cancelBeat();
    this.#generation = -1;
    this.#wake();
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    this.#end();
    this.#owner.failed(error);
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        if (this.#wantsJoin) await this.#join();
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  /** Refusals were noted where they came; what is left is an environment that time mends, or a bug that it does not. */
  async #recover(error: unknown): Promise<void> {
    if (this.#isClosed) return;
    if (!(error instanceof MillraceError)) {
      this.#fail(error);
      return;
    }
    const { groupId } = this.#settings;
    if (mayMend(error)) this.#client.forgetCoordinator('group', groupId);
    else if (error.code !== 'KAFKA_REBALANCE') {
      this.#fail(this.#connection.error(error, `join group "${groupId}"`));
      return;
    }
    this.#failures++;
    if (error.code !== 'KAFKA_REBALANCE') this.#owner.trouble(error, `join group "${groupId}"`);
    await pause(this.#connection, this.#connection.backoffMs(this.#failures), this.#abort.signal);
  }

  async #join(): Promise<void> {
    await this.#owner.beforeJoin();
    if (this.#isClosed) return;
    // A wish that comes from here on is answered by another round.
    this.#wantsJoin = false;
    this.#isJoining = true;
    try {
      const partitions = await this.#joinAndSync();
      this.#failures = 0;
      this.#heard();
      this.#isJoining = false;
      this.#planBeat();
      const isAgain = await this.#owner.joined(partitions, { memberId: this.#memberId, generation: this.#generation });
      if (isAgain) this.#wantsJoin = true;
    } catch (error) {
      this.#wantsJoin = true;
      throw error;
    } finally {
      this.#isJoining = false;
    }
  }

  async #joinAndSync(): Promise<TopicPartition[]> {
    const { groupId } = this.#settings;
    const coordinator = await this.#client.coordinator('group', groupId);
    const answer = await this.#askToJoin(coordinator);
    this.#memberId = answer.memberId;
    this.#generation = answer.generationId;
    this.#isLeader = answer.leader === answer.memberId;
    const assignments = this.#isLeader && !answer.skipAssignment ? await this.#assign(answer) : [];
    const synced = await this.#client.request(
      coordinator,
      apis.syncGroup,
      {
        groupId,
        generationId: this.#generation,
        memberId: this.#memberId,
        groupInstanceId: this.#instanceId,
        protocolType,
        protocolName: answer.protocolName,
        assignments,
      },
      this.#joinOptions(),
    );
    this.#check(synced.errorCode);
    return decodeAssignment(synced.assignment);
  }

  async #askToJoin(coordinator: number): Promise<JoinGroupResponse> {
    const { groupId, sessionWaitMsMax, rebalanceWaitMsMax, assignors } = this.#settings;
    const subscription = { ...this.#owner.subscription(), generation: this.#generation, userData: null };
    const metadata = encodeSubscription(subscription);
    for (;;) {
      const answer = await this.#client.request(
        coordinator,
        apis.joinGroup,
        {
          groupId,
          sessionTimeoutMs: sessionWaitMsMax,
          rebalanceTimeoutMs: rebalanceWaitMsMax,
          memberId: this.#memberId,
          groupInstanceId: this.#instanceId,
          protocolType,
          protocols: assignors.map(({ name }) => ({ name, metadata })),
        },
        this.#joinOptions(),
      );
      // The coordinator gives a new member its id first (KIP-394), so that a lost answer leaves no ghost behind.
      if (answer.errorCode === errorCode.MEMBER_ID_REQUIRED) this.#memberId = answer.memberId;
      else {
        this.#check(answer.errorCode);
        return answer;
      }
    }
  }

  #joinOptions() {
    const timeoutMs = this.#settings.rebalanceWaitMsMax + joinGraceMs;
    return { lane: 'group', timeoutMs, signal: this.#abort.signal };
  }

  async #assign({ members, protocolName }: JoinGroupResponse) {
    const assignor = this.#settings.assignors.find(({ name }) => name === protocolName);
    if (!assignor) throw new WireFault('KAFKA_UNKNOWN_ASSIGNOR', `the group chose the assignor "${protocolName}"`);
    const known = members.map(
      ({ memberId, groupInstanceId, metadata }): MemberOfGroup => ({
        memberId,
        instanceId: groupInstanceId,
        ...subscriptionOf(metadata),
      }),
    );
    const counts = await this.#owner.partitionCounts([...new Set(known.flatMap(({ topics }) => topics))]);
    const assignment = assignor.assign(known, counts);
    return [...assignment].map(([memberId, partitions]) => ({ memberId, assignment: encodeAssignment(partitions) }));
  }

  /** Throws for a refusal, after noting what it means for the membership. */
  #check(code: number): void {
    if (code === errorCode.NONE) return;
    const fault = protocolFault(code);
    if (fatalErrors.has(code)) throw new WireFault(fault.code, fault.message, { details: fault.details });
    this.#takeRefusal(code);
    if (roundErrors.has(code)) throw new WireFault('KAFKA_REBALANCE', fault.message);
    throw fault;
  }

  #takeRefusal(code: number): void {
    const { groupId } = this.#settings;
    if (elsewhereErrors.has(code)) {
      this.#client.forgetCoordinator('group', groupId);
      return;
    }
    if (!roundErrors.has(code)) return;
    if (code !== errorCode.REBALANCE_IN_PROGRESS) this.#lose(code === errorCode.UNKNOWN_MEMBER_ID);
    this.rejoin();
  }

  #lose(isForgotten: boolean): void {
    const wasMember = this.#generation >= 0;
    this.#generation = -1;
    this.#isLeader = false;
    if (isForgotten) this.#memberId = '';
    if (wasMember) this.#owner.lost();
  }

  #heard(): void {
    this.#heardAt = this.#connection.host.clock.monotonic();
  }

  #planBeat(): void {
    this.#cancelBeat();
    this.#cancelBeat = this.#connection.host.clock.after(this.#settings.heartbeatIntervalMs, () => {
      this.#planBeat();
      void this.#beat();
    });
  }

  async #beat(): Promise<void> {
    if (this.#isClosed || this.#isJoining || this.#isBeating || this.#generation < 0) return;
    const { groupId, sessionWaitMsMax } = this.#settings;
    const generation = this.#generation;
    if (this.#connection.host.clock.monotonic() - this.#heardAt > sessionWaitMsMax) {
      // The coordinator has given us up by now, if there is one: what we read others may read too.
      this.#owner.trouble(
        new WireFault('KAFKA_SESSION_OVER', `no heartbeat was answered for ${sessionWaitMsMax} ms`),
        'stay in the group',
      );
      this.#client.forgetCoordinator('group', groupId);
      this.#lose(false);
      this.rejoin();
      return;
    }
    this.#isBeating = true;
    try {
      const coordinator = await this.#client.coordinator('group', groupId);
      const body = { groupId, generationId: generation, memberId: this.#memberId, groupInstanceId: this.#instanceId };
      const options = { lane: 'group', timeoutMs: sessionWaitMsMax, signal: this.#abort.signal };
      const answer = await this.#client.request(coordinator, apis.heartbeat, body, options);
      // An answer to a beat of an earlier generation says nothing about this one.
      if (generation !== this.#generation) return;
      if (answer.errorCode === errorCode.NONE || answer.errorCode === errorCode.REBALANCE_IN_PROGRESS) this.#heard();
      if (answer.errorCode !== errorCode.NONE) this.refused(answer.errorCode);
    } catch (error) {
      if (this.#isClosed) return;
      if (!(error instanceof MillraceError)) this.#fail(error);
      else {
        this.#client.forgetCoordinator('group', groupId);
        this.#owner.trouble(error, 'send a heartbeat');
      }
    } finally {
      this.#isBeating = false;
    }
  }
}
