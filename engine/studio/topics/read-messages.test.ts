import { describe, expect, it } from 'vitest';
import { MemoryTopics } from '../../../test/kit/memory-topics.ts';
import { MillraceError } from '../../base/errors.ts';
import { randomBelow } from '../../base/random.ts';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { readMessage, readPage } from './read-messages.ts';

async function topicOf(partitions: number): Promise<MemoryTopics> {
  const topics = new MemoryTopics();
  await topics.create({ name: 't', partitions, replicationFactor: 1, configs: {} });
  return topics;
}

const read = (topics: MemoryTopics, request: Partial<Parameters<typeof readPage>[2]>) =>
  readPage(topics, new ManualClock(), { topic: 't', from: { at: 'newest' }, limit: 10, ...request });
const texts = (page: Awaited<ReturnType<typeof readPage>>) => page.messages.map(({ value }) => String(value));

describe('readPage', () => {
  it('answers at once for an empty topic', async () => {
    expect(await read(await topicOf(3), {})).toEqual({ messages: [], next: null });
  });

  it('gives the newest over all partitions, newest first, even when one partition holds them all', async () => {
    const topics = await topicOf(3);
    for (let at = 0; at < 300; at++) topics.add('t', 0, `new ${at}`, 10_000 + at);
    for (let at = 0; at < 300; at++) topics.add('t', 1, `old ${at}`, at);
    const page = await read(topics, { limit: 100 });
    expect(texts(page)).toEqual(Array.from({ length: 100 }, (_, at) => `new ${299 - at}`));
    expect(page.next).not.toBeNull();
    expect(topics.openReaders).toBe(0);
  });

  it('reads few offsets of a topic with many partitions', async () => {
    const topics = await topicOf(200);
    for (let partition = 0; partition < 200; partition++)
      for (let at = 0; at < 500; at++) topics.add('t', partition, 'x', at * 1000 + partition);
    await read(topics, { limit: 100 });
    expect(topics.offsetsRead).toBeLessThan(200 * 40);
  });

  it('goes on past offsets without a message', async () => {
    const topics = await topicOf(1);
    topics.add('t', 0, 'first', 1);
    for (let at = 0; at < 1000; at++) topics.add('t', 0, null, 2);
    expect(texts(await read(topics, { limit: 1 }))).toEqual(['first']);
  });

  it('reads on from the oldest, an offset and a time, oldest first', async () => {
    const topics = await topicOf(2);
    for (let at = 0; at < 10; at++) topics.add('t', at % 2, `m${at}`, 100 + at);
    expect(texts(await read(topics, { from: { at: 'oldest' }, limit: 3 }))).toEqual(['m0', 'm1', 'm2']);
    expect(texts(await read(topics, { from: { at: 'offset', offset: 3 }, partition: 1 }))).toEqual(['m7', 'm9']);
    expect(texts(await read(topics, { from: { at: 'time', timestampMs: 106 } }))).toEqual(['m6', 'm7', 'm8', 'm9']);
    expect((await read(topics, { from: { at: 'offset', offset: 99 } })).messages).toEqual([]);
  });

  it.each([1, 7, 100])(
    'pages of %i, in both directions, show every message once, whatever times producers set',
    async (limit) => {
      const topics = await topicOf(3);
      const random = new SeededRandom(4711);
      const written: string[] = [];
      for (let at = 0; at < 240; at++) {
        const isGap = randomBelow(random, 5) === 0;
        const partition = randomBelow(random, 3);
        const offset = topics.add('t', partition, isGap ? null : `m${at}`, randomBelow(random, 1_000));
        if (!isGap) written.push(`${partition}-${offset}`);
      }
      for (const at of ['newest', 'oldest'] as const) {
        const seen: string[] = [];
        let from: Parameters<typeof readPage>[2]['from'] | null = { at };
        while (from !== null) {
          const page: Awaited<ReturnType<typeof readPage>> = await read(topics, { from, limit });
          for (const { partition, offset } of page.messages) seen.push(`${partition}-${offset}`);
          from = page.next;
        }
        expect(seen.toSorted()).toEqual(written.toSorted());
        for (const partition of [0, 1, 2]) {
          const offsets = seen.filter((key) => key.startsWith(`${partition}-`)).map((key) => Number(key.split('-')[1]));
          const sign = at === 'newest' ? -1 : 1;
          expect(offsets).toEqual(offsets.toSorted((a, b) => sign * (a - b)));
        }
      }
      expect(topics.openReaders).toBe(0);
    },
  );

  it('goes on behind a page although messages came and went meanwhile', async () => {
    const topics = await topicOf(1);
    for (let at = 0; at < 6; at++) topics.add('t', 0, `m${at}`, at);
    const first = await read(topics, { limit: 2 });
    topics.add('t', 0, 'late', 99);
    expect(texts(first)).toEqual(['m5', 'm4']);
    expect(texts(await read(topics, { limit: 2, from: first.next! }))).toEqual(['m3', 'm2']);
    const on = await read(topics, { limit: 7, from: { at: 'oldest' } });
    expect(on.next).toBeNull();
    expect(texts(on).at(-1)).toBe('late');
  });

  it('says that a batch is damaged, at once and by its own words', async () => {
    const topics = await topicOf(1);
    topics.add('t', 0, 'm', 1);
    topics.damage = new MillraceError('KAFKA_CORRUPT_BATCH', 'the batch at t[0] @ 0 is damaged');
    await expect(read(topics, {})).rejects.toThrow('t[0] @ 0 is damaged');
    expect(topics.openReaders).toBe(0);
  });
});

describe('readMessage', () => {
  const place = { topic: 't', partition: 0, offset: 2 };

  it('reads the one offset that it is asked for', async () => {
    const topics = await topicOf(1);
    for (let at = 0; at < 50; at++) topics.add('t', 0, `m${at}`, at);
    expect(String((await readMessage(topics, new ManualClock(), place)).value)).toBe('m2');
    expect(topics.openReaders).toBe(0);
  });

  it('says of an offset without a message, or that is not there, that it is gone', async () => {
    const topics = await topicOf(1);
    for (const text of ['a', 'b', null, 'd']) topics.add('t', 0, text, 0);
    const reading = (offset: number) => readMessage(topics, new ManualClock(), { ...place, offset });
    await expect(reading(2)).rejects.toMatchObject({ code: 'MESSAGE_GONE' });
    await expect(reading(99)).rejects.toMatchObject({ code: 'MESSAGE_GONE' });
  });
});
