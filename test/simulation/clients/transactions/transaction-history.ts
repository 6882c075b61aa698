import type { Polled } from '../history.ts';

/** A transaction that a client tried. */
export interface TransactionAttempt {
  readonly name: string;
  /** Records by the name of their partition. */
  readonly records: { readonly partition: string; readonly value: string }[];
  /** `unknown`: it was to be committed, and nobody told whether it was. */
  outcome: 'open' | 'committed' | 'aborted' | 'unknown';
}

/** What transactional clients did and what readers of committed records saw. */
export class TransactionHistory {
  readonly attempts: TransactionAttempt[] = [];
  /** What was read while the run went on. */
  readonly polls: Polled[] = [];
  /** Everything that is committed after the run, by partition. */
  readonly finalReads = new Map<string, readonly Polled[]>();
}
