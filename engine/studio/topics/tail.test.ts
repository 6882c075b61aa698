import { expect, it } from 'vitest';
import { MemoryTopics } from '../../../test/kit/memory-topics.ts';
import { until } from '../../../test/kit/until.ts';
import { MillraceError } from '../../base/errors.ts';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import type { TailFailure } from './tail.ts';
import { Tail } from './tail.ts';

async function tailOf(takes: () => boolean) {
  const topics = new MemoryTopics();
  const clock = new ManualClock();
  await topics.create({ name: 't', partitions: 2, replicationFactor: 1, configs: {} });
  topics.add('t', 0, 'before', 0);
  const delivered: { texts: string[]; dropped: number; failures: readonly TailFailure[] }[] = [];
  const tail = new Tail(clock, ({ messages, dropped, failures }) => {
    delivered.push({ texts: messages.map(({ value }) => String(value)), dropped, failures });
    return takes();
  });
  await tail.start(topics, 't');
  return { topics, clock, tail, delivered };
}

it('delivers what comes after its start, in batches, oldest first', async () => {
  const { topics, clock, tail, delivered } = await tailOf(() => true);
  topics.add('t', 1, 'b', 2);
  topics.add('t', 0, 'a', 1);
  await until('a delivery is planned', () => clock.nextDueMs !== undefined);
  clock.advance(100);
  expect(delivered).toEqual([{ texts: ['a', 'b'], dropped: 0, failures: [] }]);
  await tail.close();
  expect(topics.openReaders).toBe(0);
});

it('keeps the newest and counts the rest when a topic is faster than a window', async () => {
  const { topics, clock, delivered } = await tailOf(() => true);
  for (let at = 0; at < 1000; at++) topics.add('t', 0, String(at), at);
  await until('a delivery is planned', () => clock.nextDueMs !== undefined);
  clock.advance(100);
  expect(delivered[0]?.dropped).toBe(800);
  expect(delivered[0]?.texts).toHaveLength(200);
  expect(delivered[0]?.texts.at(-1)).toBe('999');
});

it('counts as dropped what the window did not take', async () => {
  let takes = false;
  const { topics, clock, delivered } = await tailOf(() => takes);
  topics.add('t', 0, 'lost', 1);
  await until('a delivery is planned', () => clock.nextDueMs !== undefined);
  clock.advance(100);
  takes = true;
  topics.add('t', 0, 'seen', 2);
  await until('a delivery is planned', () => clock.nextDueMs !== undefined);
  clock.advance(100);
  expect(delivered.at(-1)).toEqual({ texts: ['seen'], dropped: 1, failures: [] });
});

it('says which partition stands still at a damaged batch, until it goes on', async () => {
  let takes = false;
  const { topics, clock, tail, delivered } = await tailOf(() => takes);
  topics.damage = new MillraceError('KAFKA_CORRUPT_BATCH', 'the batch at offset 1 is damaged');
  topics.add('t', 0, 'behind it', 1);
  await until('a delivery is planned', () => clock.nextDueMs !== undefined);
  clock.advance(100);
  expect(delivered.at(-1)).toMatchObject({ texts: [], failures: [{ partition: 0 }, { partition: 1 }] });

  // The window could not take it: it is told again.
  takes = true;
  clock.advance(100);
  expect(delivered).toHaveLength(2);
  expect(delivered.at(-1)?.failures[0]?.message).toContain('offset 1 is damaged');

  topics.damage = undefined;
  topics.add('t', 0, 'on', 2);
  await until('a delivery is planned', () => clock.nextDueMs !== undefined);
  clock.advance(100);
  expect(delivered.at(-1)).toMatchObject({ texts: ['behind it', 'on'], failures: [{ partition: 1 }] });
  await tail.close();
});
