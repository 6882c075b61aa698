import { partitionName } from '../clients/history.ts';
import type { TransactionHistory } from '../clients/transactions/transaction-history.ts';
import type { Report } from './check-final.ts';

/**
 * What transactions promise: all of one is read or none of it, what was told to be committed and nothing that was aborted; no reader
 * of committed records was ever shown anything else; and what was copied with the offsets of its source was copied once, in order.
 */
export function checkTransactions(history: TransactionHistory, partitions: number, report: Report): void {
  const committed = new Map<string, string>();
  for (const [name, records] of history.finalReads)
    for (const { value, offset } of records) {
      if (committed.has(value))
        report('transactions', `"${value}" is committed at ${committed.get(value)} and ${name} ${offset}`);
      committed.set(value, `${name} ${offset}`);
    }
  checkAtomicity(history, committed, report);
  checkReads(history, report);
  for (let partition = 0; partition < partitions; partition++) checkCopies(history, partition, report);
}

function checkAtomicity(
  { attempts }: TransactionHistory,
  committed: ReadonlyMap<string, string>,
  report: Report,
): void {
  for (const { name, records, outcome } of attempts) {
    const there = records.filter(({ value }) => committed.has(value));
    const isWhole = there.length === records.length;
    if (outcome === 'committed' && !isWhole)
      report('transactions', `${name} was committed, ${there.length} of its ${records.length} records are there`);
    if (outcome === 'aborted' && there.length > 0)
      report(
        'transactions',
        `${name} was aborted, and "${there[0]?.value}" is read at ${committed.get(there[0]?.value ?? '')}`,
      );
    if (there.length > 0 && !isWhole)
      report(
        'transactions',
        `${name} (${outcome}) is torn: ${there.length} of its ${records.length} records are there`,
      );
    for (const { partition, value } of there)
      if (!committed.get(value)?.startsWith(`${partition} `))
        report('transactions', `"${value}" was sent to ${partition}, it is at ${committed.get(value)}`);
  }
}

/** Whoever read a committed record, ever, read what is committed in the end. */
function checkReads({ polls, finalReads }: TransactionHistory, report: Report): void {
  for (const { reader, topic, partition, offset, value } of polls) {
    const name = partitionName(topic, partition);
    const final = finalReads.get(name)?.find((record) => record.offset === offset);
    if (final?.value !== value)
      report(
        'transactions',
        `${reader} was shown "${value}" at ${name} ${offset}, in the end "${final?.value}" is committed there`,
      );
  }
}

function checkCopies({ finalReads }: TransactionHistory, partition: number, report: Report): void {
  const source = finalReads.get(partitionName('ledger', partition)) ?? [];
  const copies = finalReads.get(partitionName('copies', partition)) ?? [];
  for (let index = 0; index < Math.max(source.length, copies.length); index++) {
    const expected = source[index] && `copy of ${source[index]?.value}`;
    if (copies[index]?.value === expected) continue;
    report('exactly once', `copies-${partition} holds "${copies[index]?.value}" where "${expected}" is expected`);
    return;
  }
}
