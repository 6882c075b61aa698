import { MillraceError } from '../../base/errors.ts';
import { clientApis } from '../../protocol/client-apis.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { ShareFetchResponse } from '../../protocol/schemas/78-share-fetch.ts';
import type { ShareAcknowledgeResponse } from '../../protocol/schemas/79-share-acknowledge.ts';
import type { KafkaConnection } from '../connection.ts';
import { leadershipErrors, topicErrors } from '../consumer/row-errors.ts';
import { protocolFault } from '../kafka-error.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';
import type { Acknowledgement } from './acknowledgements.ts';
import type { SharePartitionId } from './share-member.ts';
import { SharePartition } from './share-partition.ts';
import type { ShareTopic } from './share-session.ts';
import { ShareSession } from './share-session.ts';
import type { ShareSettings } from './share-settings.ts';

export interface ShareFetcherOwner {
  readable(): void;
  unacknowledged(topic: string, partition: number, error: MillraceError): void;
  trouble(error: unknown, action: string): void;
  failed(error: unknown): void;
}

type Rows = readonly { readonly topicId: string; readonly partitions: readonly Row[] }[];
interface Row {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly currentLeader: { readonly leaderId: number; readonly leaderEpoch: number };
}

/** A request that is not there to wait is answered at once. */
const answerWaitMsMax = 30_000;

/**
 * Acquires records from the leaders of the assigned partitions and tells them what became of these: one request to each broker at a
 * time, in a session. Outcomes travel with the next fetch, or alone while enough is queued.
 */
export class ShareFetcher {
  readonly #connection: KafkaConnection;
  readonly #client: ClusterClient;
  readonly #settings: ShareSettings;
  readonly #memberId: string;
  readonly #owner: ShareFetcherOwner;
  readonly #sessions = new Map<number, ShareSession>();
  /** By broker: until when it is left alone. */
  readonly #notBefore = new Map<number, number>();
  readonly #unwatch: () => void;
  readonly #flushes: (() => void)[] = [];
  #partitions: SharePartition[] = [];
  /** Not assigned any more, with records in our hands. */
  #leaving: SharePartition[] = [];
  #failures = 0;
  #isPlanned = false;
  #isClosed = false;
  lockMs = 0;

  constructor(
    connection: KafkaConnection,
    client: ClusterClient,
    settings: ShareSettings,
    memberId: string,
    owner: ShareFetcherOwner,
  ) {
    this.#connection = connection;
    this.#client = client;
    this.#settings = settings;
    this.#memberId = memberId;
    this.#owner = owner;
    this.#unwatch = client.metadata.onChange(() => this.#wake());
  }

  get partitions(): readonly SharePartition[] {
    return this.#partitions;
  }

  /** What to read from now on. */
  assign(wanted: readonly SharePartitionId[]): void {
    const before = new Map([...this.#leaving, ...this.#partitions].map((each) => [each.key, each]));
    this.#partitions = wanted.map((id) => {
      const known = before.get(`${id.topicId}-${id.partition}`);
      before.delete(`${id.topicId}-${id.partition}`);
      return known ?? new SharePartition(id);
    });
    this.#leaving = [...before.values()];
    for (const partition of this.#leaving) partition.releaseQueued();
    this.#wake();
  }

  acknowledge(partition: SharePartition, offset: number, outcome: Acknowledgement): void {
    partition.acknowledgements.add(offset, outcome);
    this.#wake();
  }

  /** A record was taken: there may be room again. */
  taken(): void {
    if (!this.#isFull) this.#wake();
  }

  /** Resolves when nothing is left to tell. */
  flushed(): Promise<void> {
    this.#wake();
    return new Promise((resolve) => {
      this.#flushes.push(resolve);
      this.#tellFlushed();
    });
  }

  /** Tells what is acknowledged and ends the sessions: brokers hand the rest to others. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unwatch();
    const until = this.#now + answerWaitMsMax;
    while ([...this.#sessions.values()].some(({ isBusy }) => isBusy) && this.#now < until)
      await new Promise<void>((resolve) => void this.#connection.host.clock.after(5, resolve));
    for (const partition of this.#partitions) partition.releaseQueued();
    const open = [...this.#sessions].filter(([, session]) => session.isOpen);
    await Promise.all(
      open.map(([node, session]) => {
        const topics = session.acknowledge(false, this.#leavingOf(node));
        session.closing();
        return this.#send(node, session, topics, false);
      }),
    );
  }

  get #now(): number {
    return this.#connection.host.clock.monotonic();
  }

  get #isFull(): boolean {
    let queued = 0;
    for (const partition of this.#partitions) queued += partition.queued;
    return queued > this.#settings.queuedRecordsMax / 2;
  }

  #wake(): void {
    if (this.#isPlanned || this.#isClosed) return;
    this.#isPlanned = true;
    this.#connection.host.clock.soon(() => {
      this.#isPlanned = false;
      if (!this.#isClosed) this.#round();
    });
  }

  #leaderOf({ topic, partition }: SharePartition): number {
    return this.#client.metadata.topic(topic)?.partitions[partition]?.leader ?? -1;
  }

  #leavingOf(node: number): SharePartition[] {
    return this.#leaving.filter((partition) => this.#leaderOf(partition) === node);
  }

  #round(): void {
    const unknown = new Set<string>();
    const byNode = new Map<number, SharePartition[]>();
    for (const partition of [...this.#partitions, ...this.#leaving]) {
      const leader = this.#leaderOf(partition);
      if (leader < 0) unknown.add(partition.topic);
      else if (partition.notBefore <= this.#now && !byNode.get(leader)?.push(partition))
        byNode.set(leader, [partition]);
    }
    if (unknown.size > 0) void this.#learn([...unknown]);
    const leaving = new Set(this.#leaving);
    for (const [node, all] of byNode) {
      const session = this.#sessionWith(node);
      if (session.isBusy || (this.#notBefore.get(node) ?? 0) > this.#now) continue;
      const renews = session.isOpen && all.some(({ acknowledgements }) => acknowledgements.hasRenewals);
      const isLeaving = session.isOpen && all.some((each) => leaving.has(each) && !each.acknowledgements.isEmpty);
      const tells = session.isOpen && this.#isFull && all.some(({ acknowledgements }) => !acknowledgements.isEmpty);
      const assigned = all.filter((each) => !leaving.has(each));
      if (renews || isLeaving || tells) void this.#acknowledge(node, session, renews);
      else if (!this.#isFull && assigned.length > 0) void this.#fetch(node, session, assigned);
    }
    this.#tellFlushed();
  }

  #sessionWith(node: number): ShareSession {
    let session = this.#sessions.get(node);
    if (!session) {
      session = new ShareSession();
      this.#sessions.set(node, session);
    }
    return session;
  }

  async #learn(topics: readonly string[]): Promise<void> {
    const isKnown = topics.every((topic) => this.#client.metadata.topic(topic));
    if (isKnown) this.#client.metadata.stale('a partition has no leader');
    else await this.#client.metadata.require(topics).catch(() => {});
  }

  async #fetch(node: number, session: ShareSession, partitions: readonly SharePartition[]): Promise<void> {
    const { groupId, fetchWaitMsMax, fetchMinBytes, fetchBytesMax, queuedRecordsMax } = this.#settings;
    const { topics, forgotten } = session.fetch(partitions);
    const body = {
      groupId,
      memberId: this.#memberId,
      shareSessionEpoch: session.epoch,
      maxWaitMs: fetchWaitMsMax,
      minBytes: fetchMinBytes,
      maxBytes: fetchBytesMax,
      maxRecords: queuedRecordsMax,
      batchSize: queuedRecordsMax,
      topics,
      forgottenTopicsData: forgotten.map(({ topicId, partitions: rows }) => ({
        topicId,
        partitions: rows.map(({ partitionIndex }) => partitionIndex),
      })),
    };
    let isReadable = false;
    await this.#exchange(node, session, topics, async () => {
      const timeoutMs = fetchWaitMsMax + answerWaitMsMax;
      const answer = await this.#client.request(node, clientApis.shareFetch, body, { lane: 'share', timeoutMs });
      this.#judge(node, session, answer);
      for (const { topicId, partitions: rows } of answer.responses)
        for (const row of rows) {
          if (row.acknowledgeErrorCode !== errorCode.NONE)
            this.#refuse(topicId, row.partitionIndex, row.acknowledgeErrorCode, row.acknowledgeErrorMessage);
          if (row.errorCode !== errorCode.NONE) continue;
          const partition = this.#find(topicId, row.partitionIndex);
          const damage = partition?.add(row.records ?? Buffer.alloc(0), row.acquiredRecords);
          if (damage) this.#owner.trouble(damage, 'read');
          isReadable = isReadable || row.acquiredRecords.length > 0;
        }
    });
    if (isReadable) this.#owner.readable();
  }

  async #acknowledge(node: number, session: ShareSession, isRenewal: boolean): Promise<void> {
    await this.#send(node, session, session.acknowledge(isRenewal, this.#leavingOf(node)), isRenewal);
  }

  #send(node: number, session: ShareSession, topics: readonly ShareTopic[], isRenewAck: boolean): Promise<void> {
    const { groupId } = this.#settings;
    const body = { groupId, memberId: this.#memberId, shareSessionEpoch: session.epoch, isRenewAck, topics };
    return this.#exchange(node, session, topics, async () => {
      const answer = await this.#client.request(node, clientApis.shareAcknowledge, body, { lane: 'share' });
      this.#judge(node, session, answer);
      for (const { topicId, partitions } of answer.responses)
        for (const row of partitions)
          if (row.errorCode !== errorCode.NONE)
            this.#refuse(topicId, row.partitionIndex, row.errorCode, row.errorMessage);
    });
  }

  /** One request of a session; what fails ends the session, and what it said of records is lost. */
  async #exchange(
    node: number,
    session: ShareSession,
    topics: readonly ShareTopic[],
    call: () => Promise<void>,
  ): Promise<void> {
    session.isBusy = true;
    try {
      await call();
      this.#failures = 0;
    } catch (error) {
      if (!(error instanceof MillraceError)) {
        this.#owner.failed(error);
        return;
      }
      session.reset();
      this.#client.metadata.stale(`share fetch from broker ${node} failed`);
      this.#leaveAlone(node);
      this.#owner.trouble(error, 'read as a member of a share group');
      for (const { topicId, partitions } of topics)
        for (const { partitionIndex, acknowledgementBatches } of partitions)
          if (acknowledgementBatches.length > 0) this.#lost(topicId, partitionIndex, error);
    } finally {
      session.isBusy = false;
      this.#leaving = this.#leaving.filter(({ acknowledgements }) => !acknowledgements.isEmpty);
      this.#wake();
    }
  }

  /** Throws for an error of the whole request; notes those of its rows. */
  #judge(node: number, session: ShareSession, answer: ShareFetchResponse | ShareAcknowledgeResponse): void {
    if (answer.errorCode !== errorCode.NONE) throw protocolFault(answer.errorCode, answer.errorMessage);
    session.answered();
    if (answer.acquisitionLockTimeoutMs > 0) this.lockMs = answer.acquisitionLockTimeoutMs;
    for (const { topicId, partitions } of answer.responses as Rows)
      for (const row of partitions) if (row.errorCode !== errorCode.NONE) this.#rowFailed(node, topicId, row, answer);
  }

  #rowFailed(
    node: number,
    topicId: string,
    { partitionIndex, errorCode: code, errorMessage, currentLeader }: Row,
    { nodeEndpoints }: Pick<ShareFetchResponse, 'nodeEndpoints'>,
  ): void {
    const partition = this.#find(topicId, partitionIndex);
    if (!partition) return;
    const { leaderId, leaderEpoch } = currentLeader;
    const endpoint = nodeEndpoints.find(({ nodeId }) => nodeId === leaderId);
    if (leadershipErrors.has(code) && leaderId >= 0 && leaderId !== node)
      this.#client.metadata.noteLeader(partition.topic, partitionIndex, leaderId, leaderEpoch, endpoint);
    else if (leadershipErrors.has(code) || topicErrors.has(code))
      this.#client.metadata.stale(`share fetch of ${partition.topic}-${partitionIndex} refused`);
    const delayMs = this.#connection.backoffMs(++partition.failures);
    partition.notBefore = this.#now + delayMs;
    this.#connection.host.clock.after(delayMs + 1, () => this.#wake());
    if (!protocolFault(code).retriable)
      this.#owner.trouble(protocolFault(code, errorMessage), `read ${partition.topic}-${partitionIndex}`);
  }

  #refuse(topicId: string, partitionIndex: number, code: number, said: string | null): void {
    this.#lost(topicId, partitionIndex, protocolFault(code, said));
  }

  #lost(topicId: string, partitionIndex: number, fault: MillraceError): void {
    const partition = this.#find(topicId, partitionIndex);
    if (!partition) return;
    const error = this.#connection.error(fault, `acknowledge records of ${partition.topic}-${partitionIndex}`);
    this.#owner.unacknowledged(partition.topic, partitionIndex, error);
  }

  #find(topicId: string, index: number): SharePartition | undefined {
    const isIt = (each: SharePartition) => each.topicId === topicId && each.partition === index;
    return this.#partitions.find(isIt) ?? this.#leaving.find(isIt);
  }

  #leaveAlone(node: number): void {
    const delayMs = this.#connection.backoffMs(++this.#failures);
    this.#notBefore.set(node, this.#now + delayMs);
    this.#connection.host.clock.after(delayMs + 1, () => this.#wake());
  }

  #tellFlushed(): void {
    const isBusy = [...this.#partitions, ...this.#leaving].some(
      ({ acknowledgements }) => !acknowledgements.isEmpty || acknowledgements.hasRenewals,
    );
    if (isBusy || this.#flushes.length === 0) return;
    // What was taken to be told is on its way: the next turn of its session has the answer.
    if ([...this.#sessions.values()].some((session) => session.isBusy && session.isTelling)) return;
    for (const resolve of this.#flushes.splice(0)) resolve();
  }
}
