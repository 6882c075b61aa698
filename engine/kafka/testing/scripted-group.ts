import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { ScriptedCluster } from './scripted-cluster.ts';
import type { ScriptedLogs } from './scripted-logs.ts';

/** A group of one dynamic or static member, whose coordinator answers at once. Enough to show what a member makes of each answer. */
export class ScriptedGroup {
  coordinator = 1;
  generation = 0;
  memberId = '';
  /** Committed offsets by `topic-partition`. */
  readonly committed = new Map<string, number>();
  /** Error codes of the next answers, by API; a list is used up from its front. */
  readonly refusals: { [api in 'join' | 'sync' | 'beat' | 'commit' | 'offsets']: number[] } = {
    join: [],
    sync: [],
    beat: [],
    commit: [],
    offsets: [],
  };
  joins = 0;
  leaves = 0;
  #assignment: Buffer = Buffer.alloc(0);
  readonly #logs: ScriptedLogs;

  constructor(cluster: ScriptedCluster, logs: ScriptedLogs) {
    this.#logs = logs;
    cluster.on(apis.findCoordinator, ({ body }) => ({
      throttleTimeMs: 0,
      coordinators: body.coordinatorKeys.map((key) => ({
        key,
        nodeId: this.coordinator,
        host: `broker-${this.coordinator}`,
        port: cluster.portOf(this.coordinator),
        errorCode: 0,
        errorMessage: null,
      })),
    }));
    cluster.on(apis.joinGroup, ({ broker, body }) => this.#join(broker, body));
    cluster.on(apis.syncGroup, ({ broker, body }) => {
      const code = this.#refusal('sync', broker, body);
      if (code === 0) this.#assignment = body.assignments[0]?.assignment ?? this.#assignment;
      return { throttleTimeMs: 0, errorCode: code, assignment: code === 0 ? this.#assignment : Buffer.alloc(0) };
    });
    cluster.on(apis.heartbeat, ({ broker, body }) => ({
      throttleTimeMs: 0,
      errorCode: this.#refusal('beat', broker, body),
    }));
    cluster.on(apis.leaveGroup, ({ body }) => {
      this.leaves++;
      return { throttleTimeMs: 0, errorCode: 0, members: body.members.map((member) => ({ ...member, errorCode: 0 })) };
    });
    cluster.on(apis.offsetCommit, ({ broker, body }) => ({
      throttleTimeMs: 0,
      topics: body.topics.map(({ name, topicId, partitions }) => ({
        name,
        topicId,
        partitions: partitions.map(({ partitionIndex, committedOffset }) => {
          const generationId = body.generationIdOrMemberEpoch;
          const code = this.#refusal('commit', broker, { memberId: body.memberId, generationId });
          if (code === 0)
            this.committed.set(`${this.#nameOf(name, topicId)}-${partitionIndex}`, Number(committedOffset));
          return { partitionIndex, errorCode: code };
        }),
      })),
    }));
    cluster.on(apis.offsetFetch, ({ broker, body }) => ({
      throttleTimeMs: 0,
      groups: body.groups.map(({ groupId, topics }) => ({
        groupId,
        errorCode: this.#refusal('offsets', broker, undefined),
        topics: (topics ?? []).map(({ name, topicId, partitionIndexes }) => ({
          name,
          topicId,
          partitions: partitionIndexes.map((partitionIndex) => ({
            partitionIndex,
            committedOffset: this.committed.get(`${this.#nameOf(name, topicId)}-${partitionIndex}`) ?? -1,
            metadata: '',
            errorCode: 0,
          })),
        })),
      })),
    }));
  }

  #join(broker: number, body: { memberId: string; protocols: { name: string; metadata: Buffer }[] }) {
    const answer = { throttleTimeMs: 0, leader: '', memberId: body.memberId, protocolName: '', members: [] };
    const code = this.#refusal('join', broker, undefined);
    if (code !== 0) return { ...answer, errorCode: code };
    this.joins++;
    this.generation++;
    this.memberId = body.memberId || `member-${this.joins}`;
    const [{ name, metadata } = { name: '', metadata: Buffer.alloc(0) }] = body.protocols;
    return {
      throttleTimeMs: 0,
      errorCode: 0,
      generationId: this.generation,
      protocolType: 'consumer',
      protocolName: name,
      leader: this.memberId,
      memberId: this.memberId,
      members: [{ memberId: this.memberId, metadata: Buffer.from(metadata) }],
    };
  }

  #refusal(
    kind: keyof ScriptedGroup['refusals'],
    broker: number,
    member: { readonly memberId: string; readonly generationId: number } | undefined,
  ): number {
    if (broker !== this.coordinator) return errorCode.NOT_COORDINATOR;
    const scripted = this.refusals[kind].shift();
    if (scripted !== undefined) return scripted;
    if (member && member.memberId !== this.memberId) return errorCode.UNKNOWN_MEMBER_ID;
    if (member && member.generationId !== this.generation) return errorCode.ILLEGAL_GENERATION;
    return 0;
  }

  #nameOf(name: string, topicId: string): string {
    return name || ([...this.#logs.topics].find(([, { id }]) => id === topicId)?.[0] ?? '');
  }
}
