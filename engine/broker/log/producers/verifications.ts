/** Proof that a partition's place in a transaction was being asked for when the producer's batch came; compared by identity. */
export interface VerificationGuard {
  readonly producerId: number;
}

/** Questions remembered per partition; beyond it the oldest is forgotten, and its producer asks again. */
const verificationsMax = 10_000;

interface Verification {
  readonly guard: VerificationGuard;
  epoch: number;
  /** Lowest sequence that the producer has sent since the question was asked. */
  lowestSequence: number;
  sinceMs: number;
}

/**
 * Questions to the transaction coordinator that are under way: whether a producer's transaction has this partition (KIP-890).
 * A batch that begins a transaction here is appended only with the guard of a question that still stands: a marker that came
 * in between takes it away, or the batch would begin a transaction that nobody ends.
 */
export class Verifications {
  readonly #byProducer = new Map<number, Verification>();

  /** The guard for a producer's batch; the same for all that come while the question is under way. */
  begin(producerId: number, epoch: number, sequence: number, nowMs: number): VerificationGuard {
    let known = this.#byProducer.get(producerId);
    if (!known || epoch > known.epoch) {
      if (this.#byProducer.size >= verificationsMax) this.#forgetFirst();
      known = { guard: { producerId }, epoch, lowestSequence: sequence, sinceMs: nowMs };
      this.#byProducer.set(producerId, known);
    }
    known.lowestSequence = Math.min(known.lowestSequence, sequence);
    known.sinceMs = nowMs;
    return known.guard;
  }

  #forgetFirst(): void {
    const first = this.#byProducer.keys().next();
    if (!first.done) this.#byProducer.delete(first.value);
  }

  /** Whether the guard still stands. */
  stands(producerId: number, guard: VerificationGuard | undefined): boolean {
    return guard !== undefined && this.#byProducer.get(producerId)?.guard === guard;
  }

  /** Lowest sequence of the batches that wait for the answer; undefined when none does. */
  lowestSequence(producerId: number): number | undefined {
    return this.#byProducer.get(producerId)?.lowestSequence;
  }

  /** The transaction has begun here, or has ended. */
  end(producerId: number): void {
    this.#byProducer.delete(producerId);
  }

  /** Forgets questions that were asked before `beforeMs`. */
  expire(beforeMs: number): void {
    for (const [producerId, { sinceMs }] of this.#byProducer)
      if (sinceMs < beforeMs) this.#byProducer.delete(producerId);
  }
}
