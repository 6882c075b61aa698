/** What clients asked for and what they were told, in order of virtual time: all that the checkers of promises look at. */

/** A record that a producer tried to write. Values are unique in a run. */
export interface SendAttempt {
  readonly producer: string;
  readonly isIdempotent: boolean;
  readonly acks: -1 | 1;
  readonly topic: string;
  readonly partition: number;
  readonly value: string;
  /** Counts the sends of this producer to this partition. */
  readonly number: number;
  sentAtMs: number;
  /** Set by the acknowledgement; -1 when it names none. */
  offset: number | undefined;
  ackedAtMs: number | undefined;
}

/** A record that a consumer was given. */
export interface Polled {
  readonly reader: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: string;
}

/** A member of a group got its partitions. */
export interface Assigned {
  readonly group: string;
  readonly generation: number;
  readonly member: string;
  readonly partitions: readonly string[];
}

/** What the coordinator told about committed offsets. */
export interface OffsetsSeen {
  readonly group: string;
  readonly key: string;
  readonly offset: number;
  readonly askedAtMs: number;
  /** Whether the cluster had made another broker the coordinator by the time of the answer. */
  readonly isFormer: boolean;
}

export interface CommitAcked {
  readonly group: string;
  readonly member: string;
  readonly generation: number;
  readonly key: string;
  readonly offset: number;
  readonly ackedAtMs: number;
}

/** Everything that clients lived through in one run. */
export class History {
  readonly sends: SendAttempt[] = [];
  readonly polls: Polled[] = [];
  readonly assignments: Assigned[] = [];
  readonly commits: CommitAcked[] = [];
  readonly offsetsSeen: OffsetsSeen[] = [];
  /** Offsets that the engine's own group has dealt with, by partition. */
  readonly dealtWith = new Map<string, Set<number>>();
  /** What a reader found from the start of each partition after the run. */
  readonly finalReads = new Map<string, readonly Polled[]>();

  settled(partition: string, offset: number): void {
    const offsets = this.dealtWith.get(partition) ?? new Set();
    this.dealtWith.set(partition, offsets.add(offset));
  }

  /** The first offset below `end` that the engine's own group has not dealt with. */
  firstUnsettled(partition: string, end: number): number | undefined {
    const offsets = this.dealtWith.get(partition);
    for (let offset = 0; offset < end; offset++) if (!offsets?.has(offset)) return offset;
    return undefined;
  }
}

export function partitionName(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}
