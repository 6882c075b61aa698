import { assert } from '../base/assert.ts';

/** One record that was handed out and is not committed yet. */
export interface CommitTicket {
  readonly offset: number;
  settled: boolean;
}

/**
 * Which offset of one partition may be committed: records are handed out in order, settled in any order, and the position moves
 * only over records that are all settled. So a crash repeats records but never skips one.
 */
export class InOrderCommits {
  #position: number;
  #committed: number;
  #tickets: CommitTicket[] = [];
  #head = 0;

  /** `committed` is the group's committed offset, or the offset where reading starts when it has none. */
  constructor(committed: number) {
    this.#position = committed;
    this.#committed = committed;
  }

  /** Records handed out and not yet covered by the position. */
  get pending(): number {
    return this.#tickets.length - this.#head;
  }

  /** The next offset that the group must read again after a crash: everything below it is settled. */
  get position(): number {
    return this.#position;
  }

  /** The offset last known to be committed. */
  get committed(): number {
    return this.#committed;
  }

  get isDirty(): boolean {
    return this.#position > this.#committed;
  }

  /** Hands out a record. Offsets must rise; gaps (compaction, transaction markers) are fine. */
  take(offset: number): CommitTicket {
    const last = this.#tickets[this.#tickets.length - 1];
    assert(
      offset >= this.#position && (!last || offset > last.offset),
      `record ${offset} handed out after ${last?.offset ?? this.#position - 1}`,
    );
    const ticket = { offset, settled: false };
    this.#tickets.push(ticket);
    return ticket;
  }

  /** Notes that a record is dealt with. A second call does nothing. */
  settle(ticket: CommitTicket): void {
    ticket.settled = true;
    let next = this.#tickets[this.#head];
    while (next?.settled) {
      this.#position = next.offset + 1;
      this.#head++;
      next = this.#tickets[this.#head];
    }
    // Dropping settled tickets in blocks keeps `settle` O(1) without a linked list.
    if (this.#head === this.#tickets.length) {
      this.#tickets = [];
      this.#head = 0;
    } else if (this.#head >= 1024) {
      this.#tickets = this.#tickets.slice(this.#head);
      this.#head = 0;
    }
  }

  /** With nothing handed out, moves the position over offsets that hold no records (markers, compacted ones). */
  skipTo(offset: number): void {
    if (this.pending === 0 && offset > this.#position) this.#position = offset;
  }

  /** Notes that the group coordinator accepted `offset`. */
  acknowledge(offset: number): void {
    if (offset > this.#committed) this.#committed = offset;
  }
}
