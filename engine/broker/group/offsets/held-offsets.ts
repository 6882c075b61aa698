import type { TransactionEnd } from '../../coordinator/internal-log.ts';
import type { OffsetPlace, OffsetRecord } from '../group-records.ts';

/** An offset that was committed in a transaction which is open, with the place of its record. */
export interface HeldOffset {
  readonly record: OffsetRecord;
  readonly recordOffset: number;
}

/**
 * The offsets of one partition of `__consumer_offsets` that stand in open transactions: they count when their transaction is
 * committed. What the log says of transactions alone moves them.
 */
export class HeldOffsets {
  readonly #byProducer = new Map<number, HeldOffset[]>();
  /** Open transactions with an offset, by place. */
  readonly #holders = new Map<string, Set<number>>();

  hold(record: OffsetRecord, recordOffset: number, producerId: number): void {
    const held = this.#byProducer.get(producerId) ?? [];
    held.push({ record, recordOffset });
    this.#byProducer.set(producerId, held);
    const key = keyOf(record.place);
    const holders = this.#holders.get(key) ?? new Set();
    this.#holders.set(key, holders.add(producerId));
  }

  /** The producer's transaction is over: what it held, in the order of the log, is nobody's any more. */
  release({ producerId }: Pick<TransactionEnd, 'producerId'>): readonly HeldOffset[] {
    const held = this.#byProducer.get(producerId) ?? [];
    this.#byProducer.delete(producerId);
    for (const { record } of held) this.#letGo(record.place, producerId);
    return held;
  }

  /** Whether the committed offset of a partition may change with the end of a transaction that is open. */
  isHeld(groupId: string, topic: string, partition: number): boolean {
    return this.#holders.size > 0 && this.#holders.has(keyOf({ groupId, topic, partition }));
  }

  /** Every place of a group that is held: where the group or a topic is deleted, these are forgotten too. */
  placesOf(groupId: string): readonly OffsetPlace[] {
    const places = new Map<string, OffsetPlace>();
    for (const held of this.#byProducer.values())
      for (const { record } of held)
        if (record.place.groupId === groupId) places.set(keyOf(record.place), record.place);
    return [...places.values()];
  }

  /** Groups with offsets in open transactions. */
  get groupIds(): ReadonlySet<string> {
    const ids = new Set<string>();
    for (const held of this.#byProducer.values()) for (const { record } of held) ids.add(record.place.groupId);
    return ids;
  }

  /** A tombstone at `recordOffset` takes back what stands before it in the log. */
  forget(place: OffsetPlace, recordOffset: number): void {
    const key = keyOf(place);
    for (const producerId of [...(this.#holders.get(key) ?? [])]) {
      const held = this.#byProducer.get(producerId) ?? [];
      const isTaken = (each: HeldOffset) => each.recordOffset < recordOffset && keyOf(each.record.place) === key;
      const left = held.filter((each) => !isTaken(each));
      if (left.length > 0) this.#byProducer.set(producerId, left);
      else this.#byProducer.delete(producerId);
      if (!left.some(({ record }) => keyOf(record.place) === key)) this.#letGo(place, producerId);
    }
  }

  #letGo(place: OffsetPlace, producerId: number): void {
    const key = keyOf(place);
    const holders = this.#holders.get(key);
    holders?.delete(producerId);
    if (holders?.size === 0) this.#holders.delete(key);
  }
}

/** Topic names have no slash, so a group's name may have any. */
function keyOf({ groupId, topic, partition }: OffsetPlace): string {
  return `${topic}/${partition}/${groupId}`;
}
