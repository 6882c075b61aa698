import { describe, expect, it } from 'vitest';
import { MemoryTopics } from '../../../test/kit/memory-topics.ts';
import { ManualClock } from '../../base/manual-clock.ts';
import { readPage } from './read-messages.ts';

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
    expect(await read(await topicOf(3), {})).toEqual({ messages: [], reachedEnd: true });
  });

  it('gives the newest over all partitions, newest first, even when one partition holds them all', async () => {
    const topics = await topicOf(3);
    for (let at = 0; at < 300; at++) topics.add('t', 0, `new ${at}`, 10_000 + at);
    for (let at = 0; at < 300; at++) topics.add('t', 1, `old ${at}`, at);
    const page = await read(topics, { limit: 100 });
    expect(texts(page)).toEqual(Array.from({ length: 100 }, (_, at) => `new ${299 - at}`));
    expect(page.reachedEnd).toBe(false);
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
});
