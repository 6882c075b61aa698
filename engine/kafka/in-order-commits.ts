import { assert } from '../base/assert.ts';

/** One record that was handed out and is not committed yet. */
export interface CommitTicket {
  readonly offset: number;
  settled: boolean;
}

/**
 * Which offset of one partition may be committed: records are handed out in order, settled in any order, and the position moves
 * only over records that are all settled. So a crash repeats records but never skips one. Position and committed offset are two
 * things: a position that a reset found is not committed yet, and has to be, or what is sent while the process is down is lost.
 */
export class InOrderCommits {
  #position: number;
  #committed: number | undefined;
  #sent: number | undefined;
  #tickets: CommitTicket[] = [];
  #head = 0;

  /** `position` is where reading starts, `committed` what the group has committed: undefined for nothing. */
  constructor(position: number, committed: number | undefined) {
    this.#position = position;
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

  /** The offset last known to be committed; undefined when there is none. */
  get committed(): number | undefined {
    return this.#committed;
  }

  get isDirty(): boolean {
    return this.#position !== this.#committed;
  }

  /** Whether an offset that the coordinator tells is our own: nobody else can have read on from it. */
  isOurs(committed: number | undefined): boolean {
    return committed === this.#committed || (committed !== undefined && committed === this.#sent);
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

  /** Notes that `offset` is on its way to the group coordinator; whether it arrived may never be known. */
  send(offset: number): void {
    this.#sent = offset;
  }

  /** Notes that the group coordinator accepted `offset`. */
  acknowledge(offset: number): void {
    this.#committed = offset;
  }
}
