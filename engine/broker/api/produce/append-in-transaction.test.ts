import { expect, it } from 'vitest';
import { silentLog } from '../../../base/log.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { encodeBatch } from '../../../records/record-batch.ts';
import { encodeMarker } from '../../../records/transaction-marker.ts';
import { TransactionEntry } from '../../txn/entry/transaction-entry.ts';
import type { PartitionOutcome } from '../../txn/transaction.ts';
import { ReplicaCluster } from '../testing/replica-cluster.ts';
import { addsSinceVersion, appendInTransaction } from './append-in-transaction.ts';

const producerId = 7;

/** `orders` on one broker, and a coordinator of transactions that answers when it is told to. */
async function bench() {
  const cluster = new ReplicaCluster([1], { minInsync: 1 });
  cluster.createTopic('orders', [1], 'ordersAAAAAAAAAAAAAAAA');
  await cluster.run(50);
  const { replicas } = cluster.node(1);
  const questions: (() => void)[] = [];
  const yes: readonly PartitionOutcome[] = [{ topic: 'orders', partition: 0, code: errorCode.NONE }];
  const transactionEntry = new TransactionEntry({
    log: silentLog,
    coordinatorOf: () => 1,
    ask: (_, asked) => new Promise((resolve) => questions.push(() => resolve(asked.map(() => yes)))),
  });
  const send = (baseSequence: number, producerEpoch = 1) => {
    const records = [{ key: null, value: Buffer.from(`${baseSequence}`) }];
    const producer = { producerId, producerEpoch, baseSequence, isTransactional: true };
    const batch = encodeBatch({ records, baseTimestamp: cluster.clock.now(), ...producer });
    const place = { topic: 'orders', partition: 0, transactionalId: 'app', apiVersion: addsSinceVersion };
    return appendInTransaction({ replicas, transactionEntry }, { ...place, records: batch, acks: 1, timeoutMs: 1_000 });
  };
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  /** The coordinator answers what it was asked last. */
  const answer = async () => {
    await settle();
    questions.shift()?.();
    await settle();
  };
  /** The end of the producer's transaction before. */
  const end = () => {
    const marker = { isAbort: true, coordinatorEpoch: 0 };
    return replicas.appendInternal('orders', 0, encodeMarker(marker, { producerId, producerEpoch: 1 }, 0));
  };
  return { send, answer, settle, end };
}

it('appends what a producer sends in the order it came, though the first of it waits for the coordinator', async () => {
  const { send, answer, settle } = await bench();
  const first = send(0);
  await settle();
  // Asked for after the first question had left: it goes with the next one.
  const second = send(1);
  await answer();
  const third = send(2);
  for (let turn = 0; turn < 4; turn++) await answer();
  expect(await Promise.all([first, second, third])).toMatchObject([
    { errorCode: errorCode.NONE, baseOffset: 0 },
    { errorCode: errorCode.NONE, baseOffset: 1 },
    { errorCode: errorCode.NONE, baseOffset: 2 },
  ]);
});

it('keeps that order when the end of the transaction before comes while the first is asked for', async () => {
  const { send, answer, settle, end } = await bench();
  const first = send(0);
  await settle();
  await end();
  const second = send(1);
  for (let turn = 0; turn < 4; turn++) await answer();
  expect(await Promise.all([first, second])).toMatchObject([
    { errorCode: errorCode.NONE },
    { errorCode: errorCode.NONE },
  ]);
});
