/** What becomes of a record that was acquired: done; for somebody else now; for nobody any more; its lock begins anew. */
export type Acknowledgement = 'accept' | 'release' | 'reject' | 'renew';

/** As they go over the wire; a gap is an offset that was acquired and holds no record. */
export const acknowledgeType = { gap: 0, accept: 1, release: 2, reject: 3, renew: 4 } as const;

/** Offsets in a row with one outcome. */
export interface AcknowledgementBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly acknowledgeTypes: number[];
}

/** Outcomes of one partition that its leader has not been told yet. Pure. */
export class Acknowledgements {
  #final = new Map<number, number>();
  #renewals = new Set<number>();

  get isEmpty(): boolean {
    return this.#final.size === 0;
  }

  get hasRenewals(): boolean {
    return this.#renewals.size > 0;
  }

  add(offset: number, kind: keyof typeof acknowledgeType): void {
    if (kind === 'renew') this.#renewals.add(offset);
    else {
      this.#final.set(offset, acknowledgeType[kind]);
      this.#renewals.delete(offset);
    }
  }

  /** Takes all outcomes, by offset, neighbours together. */
  take(): AcknowledgementBatch[] {
    const batches = inBatches([...this.#final]);
    this.#final = new Map();
    return batches;
  }

  takeRenewals(): AcknowledgementBatch[] {
    const batches = inBatches([...this.#renewals].map((offset) => [offset, acknowledgeType.renew]));
    this.#renewals = new Set();
    return batches;
  }
}

function inBatches(outcomes: (readonly [offset: number, type: number])[]): AcknowledgementBatch[] {
  const batches: { firstOffset: number; lastOffset: number; acknowledgeTypes: number[] }[] = [];
  for (const [offset, type] of outcomes.sort(([a], [b]) => a - b)) {
    const last = batches.at(-1);
    if (last && last.lastOffset + 1 === offset && last.acknowledgeTypes[0] === type) last.lastOffset = offset;
    else batches.push({ firstOffset: offset, lastOffset: offset, acknowledgeTypes: [type] });
  }
  return batches;
}
