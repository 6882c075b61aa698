import { assert } from '../../../base/assert.ts';
import type { Transaction } from '../transaction.ts';
import { isEnding, noPartitions } from '../transaction.ts';

/** All partitions have the marker. Where the end took the last epoch, the next producer id follows. */
export function completed(known: Transaction, nowMs: number): Transaction {
  assert(isEnding(known), `a transaction that is ${known.phase} is not completed`);
  const done: Transaction = {
    ...known,
    phase: known.phase === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort',
    partitions: noPartitions,
    lastUpdateMs: nowMs,
  };
  if (known.nextProducerId === -1) return done;
  return {
    ...done,
    producerId: known.nextProducerId,
    producerEpoch: 0,
    lastProducerEpoch: -1,
    previousProducerId: known.producerId,
    nextProducerId: -1,
  };
}

/** The producer that the next transaction has: what the answer to an end in version 2 names. */
export function producerAfter({ producerId, producerEpoch, nextProducerId }: Transaction) {
  return nextProducerId === -1 ? { producerId, producerEpoch } : { producerId: nextProducerId, producerEpoch: 0 };
}
