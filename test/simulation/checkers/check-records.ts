import type { History, Polled, SendAttempt } from '../clients/history.ts';
import { partitionName } from '../clients/history.ts';
import type { Report } from './check-final.ts';

/**
 * What clients were promised about records: acknowledged ones are there, at the offset they were told, in the order they
 * were sent, once each where the producer is idempotent; and whoever read an offset, ever, read the same value.
 */
export function checkRecords(history: History, report: Report): void {
  const sendsOf = Map.groupBy(history.sends, ({ topic, partition }) => partitionName(topic, partition));
  const pollsOf = Map.groupBy(history.polls, ({ topic, partition }) => partitionName(topic, partition));
  for (const [name, found] of history.finalReads) {
    const values = new Map(found.map(({ offset, value }) => [offset, value]));
    const sends = sendsOf.get(name) ?? [];
    checkValues(name, values, sends, report);
    checkDurability(name, values, sends, report);
    checkPolls(name, values, pollsOf.get(name) ?? [], report);
    checkOrder(name, found, sends, report);
  }
}

/** Nothing is stored that nobody sent; nothing of an idempotent producer is stored twice. */
function checkValues(
  name: string,
  values: ReadonlyMap<number, string>,
  sends: readonly SendAttempt[],
  report: Report,
): void {
  const byValue = new Map(sends.map((send) => [send.value, send]));
  const offsets = new Map<string, number>();
  for (const [offset, value] of values) {
    const send = byValue.get(value);
    const before = offsets.get(value);
    if (!send) report('agreement', `${name} ${offset} holds "${value}", which nobody sent`);
    if (send?.isIdempotent && before !== undefined)
      report('idempotence', `${name} holds "${value}" at ${before} and at ${offset}`);
    offsets.set(value, offset);
  }
}

/** With acks=1 the leader may lose what it acknowledged: nothing is promised. */
function checkDurability(
  name: string,
  values: ReadonlyMap<number, string>,
  sends: readonly SendAttempt[],
  report: Report,
): void {
  const stored = new Set(values.values());
  for (const { acks, ackedAtMs, offset, value } of sends) {
    if (ackedAtMs === undefined || acks === 1) continue;
    const found = offset === undefined || offset < 0 ? undefined : values.get(offset);
    if (found === value || (found === undefined && offset === -1 && stored.has(value))) continue;
    const where = stored.has(value) ? 'stands elsewhere' : 'is lost';
    report(
      'durability',
      `"${value}" was acknowledged at ${name} ${offset} (${ackedAtMs.toFixed(0)} ms) and ${where}: found "${found}"`,
    );
  }
}

function checkPolls(name: string, values: ReadonlyMap<number, string>, polls: readonly Polled[], report: Report): void {
  for (const { reader, offset, value } of polls)
    if (values.get(offset) !== value)
      report('agreement', `${reader} read "${value}" at ${name} ${offset}, in the end it is "${values.get(offset)}"`);
}

/** Offsets without gaps; the records of a producer that never has two batches out of order, in the order of their numbers. */
function checkOrder(name: string, found: readonly Polled[], sends: readonly SendAttempt[], report: Report): void {
  found.forEach(({ offset }, index) => {
    if (offset !== index) report('order', `${name} has offset ${offset} where ${index} is expected`);
  });
  const byValue = new Map(sends.map((send) => [send.value, send]));
  const next = new Map<string, number>();
  for (const { value, offset } of found) {
    const send = byValue.get(value);
    if (!send?.isIdempotent) continue;
    const expected = next.get(send.producer) ?? 0;
    if (send.number !== expected)
      report('order', `${name} ${offset} holds number ${send.number} of ${send.producer}, expected ${expected}`);
    next.set(send.producer, send.number + 1);
  }
}
