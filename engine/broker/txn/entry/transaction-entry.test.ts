import { expect, it } from 'vitest';
import { silentLog } from '../../../base/log.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { PartitionOutcome } from '../transaction.ts';
import type { EntryQuestion } from './transaction-entry.ts';
import { TransactionEntry } from './transaction-entry.ts';

function bench() {
  const asked: { readonly brokerId: number; readonly questions: readonly EntryQuestion[] }[] = [];
  const answers: ((fail?: Error) => void)[] = [];
  const state = { coordinator: 2 as number | undefined };
  const entry = new TransactionEntry({
    log: silentLog,
    coordinatorOf: () => state.coordinator,
    ask: (brokerId, questions) => {
      asked.push({ brokerId, questions });
      const outcomes = questions.map(({ partitions }): PartitionOutcome[] =>
        [...partitions].flatMap(([topic, indexes]) =>
          indexes.map((partition) => ({
            topic,
            partition,
            code: partition === 9 ? errorCode.TRANSACTION_ABORTABLE : 0,
          })),
        ),
      );
      return new Promise((resolve, reject) => answers.push((fail) => (fail ? reject(fail) : resolve(outcomes))));
    },
  });
  const enter = (transactionalId: string, partition: number, adds = true) =>
    entry.enter({ transactionalId, producerId: 7, epoch: 0, topic: 't', partition, adds });
  return { entry, asked, answers, enter, state };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

it('asks for all that waits in one request, one request at a time, and tells each its own', async () => {
  const { enter, asked, answers } = bench();
  const first = [enter('a', 0), enter('a', 1), enter('b', 9)];
  await turns();
  expect(asked).toHaveLength(1);
  expect(asked[0]?.questions).toMatchObject([{ transactionalId: 'a' }, { transactionalId: 'b' }]);
  expect(asked[0]?.questions[0]?.partitions).toEqual(new Map([['t', [0, 1]]]));
  const later = enter('c', 3, false);
  await turns();
  expect(asked).toHaveLength(1);
  answers[0]?.();
  expect(await Promise.all(first)).toEqual([0, 0, errorCode.TRANSACTION_ABORTABLE]);
  await turns();
  expect(asked[1]?.questions).toMatchObject([{ transactionalId: 'c', adds: false }]);
  answers[1]?.();
  expect(await later).toBe(0);
});

it('says that nobody answered, and asks again for who comes after', async () => {
  const { enter, answers, state } = bench();
  const lost = enter('a', 0);
  await turns();
  answers[0]?.(new Error('gone'));
  expect(await lost).toBe(errorCode.NETWORK_EXCEPTION);
  const next = enter('a', 0);
  await turns();
  answers[1]?.();
  expect(await next).toBe(0);
  state.coordinator = undefined;
  expect(await enter('a', 0)).toBe(errorCode.COORDINATOR_NOT_AVAILABLE);
});
