/** Chance. Handed in everywhere, so that a run can be repeated from its seed. */
export interface Random {
  /** A float in [0, 1). */
  next(): number;
  /** `count` random bytes; cryptographically strong in production. */
  bytes(count: number): Uint8Array;
}

/** An integer in [0, bound). `bound` >= 1. */
export function randomBelow(random: Random, bound: number): number {
  return Math.floor(random.next() * bound);
}
