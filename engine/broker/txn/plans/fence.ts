import { assert } from '../../../base/assert.ts';
import type { Transaction } from '../transaction.ts';

/**
 * The open transaction is aborted by the coordinator: its time is up, or a newer producer comes. The epoch rises, so that whatever
 * the producer still sends is refused.
 */
export function fenced(known: Transaction, nowMs: number): Transaction {
  assert(known.phase === 'Ongoing', `a transaction that is ${known.phase} is not fenced`);
  return {
    ...known,
    producerEpoch: known.producerEpoch + 1,
    lastProducerEpoch: -1,
    phase: 'PrepareAbort',
    lastUpdateMs: nowMs,
  };
}
