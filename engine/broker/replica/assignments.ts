import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { FollowerFetchers } from './follower/follower-fetchers.ts';
import type { HostedPartitions } from './hosting/hosted-partitions.ts';
import type { LeadershipListener } from './leadership-listeners.ts';
import type { Partition } from './partition.ts';
import type { PartitionAssignment } from './partition-assignment.ts';
import { partitionKey } from './partition-assignment.ts';
import type { PartitionHost } from './partition-host.ts';

export interface AssignmentsOptions {
  readonly localId: number;
  readonly hosted: HostedPartitions;
  readonly host: PartitionHost;
  readonly fetchers: FollowerFetchers;
  readonly log: Log;
}

/** Brings what the committed metadata says to the replicas: opens and removes them, changes their roles, says who leads. */
export class Assignments {
  readonly #options: AssignmentsOptions;
  readonly #listeners: LeadershipListener[] = [];
  /** Assignments that wait until the data of another topic id may be removed, by partition. */
  readonly #deferred = new Map<string, PartitionAssignment>();

  constructor(options: AssignmentsOptions) {
    this.#options = options;
  }

  /** Hears of leaderships; nothing is told about those that are held already. */
  onLeadership(listener: LeadershipListener): void {
    this.#listeners.push(listener);
  }

  /** Takes over changed assignments, in the order of the metadata. Older ones than are known change nothing. */
  apply(changes: readonly PartitionAssignment[]): void {
    for (const change of changes) {
      try {
        this.#applyOne(change);
      } catch (error) {
        const partition = partitionKey(change.topic, change.partition);
        this.#options.log.error('cannot take over an assignment', { partition, reason: messageOf(error) });
      }
    }
    this.#options.hosted.assigned();
  }

  /** From now on the metadata is complete: see `HostedPartitions.metadataIsComplete`. What waited for that is taken over. */
  metadataIsComplete(isAssignedHere: (topicId: string, partition: number) => boolean): void {
    this.#options.hosted.metadataIsComplete(isAssignedHere);
    const deferred = [...this.#deferred.values()];
    this.#deferred.clear();
    this.apply(deferred);
  }

  #applyOne(assignment: PartitionAssignment): void {
    const { localId, hosted, host } = this.#options;
    const key = partitionKey(assignment.topic, assignment.partition);
    const known = hosted.table.byName(assignment.topic, assignment.partition);
    if (assignment.removed || !assignment.replicas.includes(localId)) {
      if (this.#deferred.get(key)?.topicId === assignment.topicId) this.#deferred.delete(key);
      if (known?.topicId === assignment.topicId) this.#remove(known);
      return;
    }
    if (known && known.topicId !== assignment.topicId) this.#remove(known);
    if (known?.topicId === assignment.topicId) this.#changeRole(known, assignment);
    else if (hosted.canOpen(assignment)) this.#changeRole(hosted.open(host, assignment), assignment);
    else this.#deferred.set(key, assignment);
  }

  #changeRole(partition: Partition, assignment: PartitionAssignment): void {
    const { fetchers } = this.#options;
    const leaderBefore = partition.leaderHint.leaderId;
    const change = partition.assign(assignment);
    if (change.kind === 'elected') {
      fetchers.unfollow(partition);
      for (const listener of this.#listeners)
        listener.elected(partition.topic, partition.partition, change.role.leaderEpoch);
    } else if (change.kind === 'follows') {
      if (change.newEpoch || leaderBefore !== change.role.leader) fetchers.follow(partition, change.role.leader);
      if (change.resigned) this.#tellResigned(partition);
    }
  }

  #remove(partition: Partition): void {
    const wasLeader = partition.leaderRole !== undefined;
    this.#options.fetchers.unfollow(partition);
    this.#options.hosted.remove(partition);
    if (wasLeader) this.#tellResigned(partition);
  }

  #tellResigned(partition: Partition): void {
    for (const listener of this.#listeners) listener.resigned(partition.topic, partition.partition);
  }
}
