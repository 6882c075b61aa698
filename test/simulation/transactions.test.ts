import { describe, expect, it } from 'vitest';
import { checkTransactions } from './checkers/check-transactions.ts';
import type { Polled } from './clients/history.ts';
import type { TransactionAttempt } from './clients/transactions/transaction-history.ts';
import { TransactionHistory } from './clients/transactions/transaction-history.ts';
import { describeOptions, optionsFor } from './options.ts';
import { runSimulation } from './run-simulation.ts';

/** Seeds of one run of the tests; more: `npm run sim -- --seed 5000 --runs 500 --scale 0.4 --transactions 2`. */
const seedCount = 20;
const seedsPerTest = 10;
const scale = 0.4;
const writers = 2;
const tailLines = 60;

it.each(Array.from({ length: seedCount / seedsPerTest }, (_, index) => 20_001 + index * seedsPerTest))(
  `transactions are whole or nothing, and copied once, ${seedsPerTest} seeds from %i on`,
  async (first) => {
    let transactions = 0;
    for (let seed = first; seed < first + seedsPerTest; seed++) {
      const options = optionsFor(seed, { scale, transactions: writers });
      const { violation, committed, tail } = await runSimulation(options);
      if (violation)
        throw new Error(
          `seed ${seed}: ${violation.message}\n${tail(tailLines)}\noptions: ${describeOptions(options)}\nrepeat: npm run sim -- --seed ${seed} --scale ${scale} --transactions ${writers} --trace`,
          { cause: violation },
        );
      transactions += committed;
    }
    expect(transactions).toBeGreaterThan(seedsPerTest);
  },
);

describe('the checker of transactions', () => {
  const at = (partition: string, offset: number, value: string): Polled => {
    const [topic = '', number = '0'] = partition.split('-');
    return { reader: 'r', topic, partition: Number(number), offset, value };
  };
  const attempt = (outcome: TransactionAttempt['outcome'], ...values: string[]): TransactionAttempt => ({
    name: 'w/0',
    outcome,
    records: values.map((value) => ({ partition: 'ledger-0', value })),
  });

  /** The broken promises of a history in which these records are committed. */
  function found(records: readonly Polled[], ...more: ((history: TransactionHistory) => void)[]): string[] {
    const history = new TransactionHistory();
    const copies = records.map(({ offset, value }) => at('copies-0', offset, `copy of ${value}`));
    history.finalReads.set('ledger-0', records);
    history.finalReads.set('copies-0', copies);
    for (const change of more) change(history);
    const invariants: string[] = [];
    checkTransactions(history, 1, (invariant) => invariants.push(invariant));
    return [...new Set(invariants)];
  }
  const of =
    (...attempts: TransactionAttempt[]) =>
    (history: TransactionHistory) =>
      void history.attempts.push(...attempts);

  it.each([
    ['a whole transaction', ['a', 'b'], of(attempt('committed', 'a', 'b')), []],
    ['one that nobody knows of, whole', ['a', 'b'], of(attempt('unknown', 'a', 'b')), []],
    ['one that was committed and is not there', [], of(attempt('committed', 'a')), ['transactions']],
    ['one that was aborted and is read', ['a'], of(attempt('aborted', 'a')), ['transactions']],
    ['a torn one', ['a'], of(attempt('unknown', 'a', 'b')), ['transactions']],
    ['a record that is there twice', ['a', 'a'], of(attempt('committed', 'a')), ['transactions']],
  ] as const)('judges %s', (_, values, change, expected) => {
    const records = values.map((value, offset) => at('ledger-0', offset, value));
    expect(found(records, change)).toEqual(expected);
  });

  it('sees what a reader was shown and nobody committed', () => {
    const shown = (history: TransactionHistory) => void history.polls.push(at('ledger-0', 0, 'dirty'));
    expect(found([at('ledger-0', 1, 'a')], of(attempt('committed', 'a')), shown)).toEqual(['transactions']);
  });

  it('sees a copy that is missing, and one too many', () => {
    const without = (history: TransactionHistory) => void history.finalReads.set('copies-0', []);
    const twice = ({ finalReads }: TransactionHistory) => {
      const copies = finalReads.get('copies-0') ?? [];
      finalReads.set('copies-0', [...copies, at('copies-0', 9, 'copy of b')]);
    };
    const records = [at('ledger-0', 0, 'a')];
    expect(found(records, of(attempt('committed', 'a')), without)).toEqual(['exactly once']);
    expect(found(records, of(attempt('committed', 'a')), twice)).toEqual(['exactly once']);
  });
});
