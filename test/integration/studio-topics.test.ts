import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NodeClock } from '../../engine/host/node-clock.ts';
import { KafkaTopicSource } from '../../engine/studio/topics/kafka-topic-source.ts';
import { readPage } from '../../engine/studio/topics/read-messages.ts';
import { Tail } from '../../engine/studio/topics/tail.ts';
import { browseTopics, probeCluster } from '../../palette/kafka/connection/look-into-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import type { RunningCluster } from '../kit/test-clusters.ts';
import { testClusters } from '../kit/test-clusters.ts';
import { until } from '../kit/until.ts';

const clock = new NodeClock();

for (const { name, whyNot, start } of testClusters) {
  describe.skipIf(whyNot !== undefined)(`the topic browser on ${name}`, () => {
    let cluster: RunningCluster;
    let source: KafkaTopicSource;
    const topic = `browse-${process.pid}`;
    const produce = (value: string | null, partition: number) =>
      source.produce({
        topic,
        partition,
        key: 'k',
        value,
        headers: [
          { key: 'h', value: '1' },
          { key: 'h', value: '2' },
        ],
      });
    const texts = (messages: readonly { value: Uint8Array | null }[]) =>
      messages.map(({ value }) => (value === null ? null : Buffer.from(value).toString()));

    beforeAll(async () => {
      cluster = await start();
      source = new KafkaTopicSource(testConnection(cluster.settings));
      await source.create({ name: topic, partitions: 2, replicationFactor: 1, configs: {} });
    });

    afterAll(async () => {
      await source?.close();
      await cluster?.stop();
    });

    it('lists a topic with its partitions, offsets and size', async () => {
      // A partition that has no leader yet tells no offsets, and the list says so by no count.
      const listed = await until('the topic is listed, and its leaders tell their offsets', async () =>
        (await source.list()).find((each) => each.name === topic && each.messageCount !== null),
      );
      expect(listed).toMatchObject({ isInternal: false, messageCount: 0 });
      expect(listed.partitions.map(({ partition, isr }) => [partition, isr.length])).toEqual([
        [0, 1],
        [1, 1],
      ]);
    });

    it('is what a Kafka Connection tells when it is asked whether it answers and what it has', async () => {
      const connection = testConnection(cluster.settings);
      expect(await probeCluster(connection)).toMatch(/^[13] brokers? at 127\.0\.0\.1:\d+/);
      expect(await browseTopics(connection)).toContainEqual({ name: topic, note: '2 partitions', isInternal: false });
    });

    it('reads an empty topic at once, then the newest over its partitions, headers and tombstones intact', async () => {
      const request = { topic, from: { at: 'newest' }, limit: 10 } as const;
      expect(await readPage(source, clock, request)).toEqual({ messages: [], next: null });
      for (let at = 0; at < 5; at++) await produce(`m${at}`, at % 2);
      await produce(null, 0);
      const { messages, next } = await readPage(source, clock, request);
      expect(next).toBeNull();
      expect(texts(messages)).toHaveLength(6);
      expect(texts(messages)).toContain(null);
      expect(messages[0]?.headers.map(({ key, value }) => `${key}=${value}`)).toEqual(['h=1', 'h=2']);
      const times = messages.map(({ timestampMs }) => timestampMs);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(texts((await readPage(source, clock, { ...request, limit: 1 })).messages)).toEqual(
        texts(messages.slice(0, 1)),
      );
    });

    it('reads on from an offset and from a time', async () => {
      const from = (place: Parameters<typeof readPage>[2]['from']) =>
        readPage(source, clock, { topic, partition: 0, from: place, limit: 10 });
      expect(texts((await from({ at: 'offset', offset: 1 })).messages)).toEqual(['m2', 'm4', null]);
      expect((await from({ at: 'time', timestampMs: clock.now() + 60_000 })).messages).toEqual([]);
    });

    it('follows a topic live', async () => {
      const seen: (string | null)[] = [];
      const tail = new Tail(clock, ({ messages }) => {
        seen.push(...texts(messages));
        return true;
      });
      await tail.start(source, topic);
      await produce('live', 1);
      await until('the message comes', () => seen.includes('live'));
      expect(seen).toEqual(['live']);
      await tail.close();
    });

    it('refuses a topic that is there already, and one that is not there', async () => {
      await expect(
        source.create({ name: topic, partitions: 1, replicationFactor: 1, configs: {} }),
      ).rejects.toMatchObject({
        code: 'KAFKA_TOPIC_ALREADY_EXISTS',
      });
      await expect(
        readPage(source, clock, { topic: 'no-such-topic', from: { at: 'newest' }, limit: 1 }),
      ).rejects.toMatchObject({ code: 'KAFKA_UNKNOWN_TOPIC' });
    });

    it('deletes a topic', async () => {
      await source.delete(topic);
      await until('the topic is gone', async () => !(await source.list()).some((each) => each.name === topic));
    });
  });
}
