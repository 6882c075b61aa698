import type { Answer, Group } from './group.ts';

/** A record to be written to the group's partition of `__consumer_offsets`. A null value is a tombstone. */
export interface GroupRecord {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

/** The group's membership is to be written; `generationId` says which one it was when that was decided. */
export interface MembershipWrite {
  readonly group: Group;
  readonly generationId: number;
}

/** What a command asks for: answers to send, and whether the group's membership must be persisted. Performed by the coordinator, in order. */
export class Effects {
  readonly answers: (() => void)[] = [];
  write: MembershipWrite | undefined;

  /** Sends `value` as the answer of a waiting request. */
  answer<T>(answer: Answer<T>, value: T): void {
    this.answers.push(() => answer(value));
  }

  /** Asks for the group's present membership to be written. */
  persist(group: Group): void {
    this.write = { group, generationId: group.generationId };
  }
}
