import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NodeClock } from '../../engine/host/node-clock.ts';
import { KafkaTopicSource } from '../../engine/studio/topics/kafka-topic-source.ts';
import { readPage } from '../../engine/studio/topics/read-messages.ts';
import { previewBounds, shownMessage } from '../../engine/studio/topics/shown-message.ts';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';

describe('cases of the topic browser', () => {
  let cluster: BundledCluster;
  let source: KafkaTopicSource;
  beforeAll(async () => {
    cluster = await startBundledCluster(1);
    source = new KafkaTopicSource(testConnection({ transport: 'websocket', bootstrapServers: cluster.bootstrap }));
  });
  afterAll(async () => {
    await source?.close();
    await cluster?.stop();
  });

  it('04: long ids and long fractions are shown with the digits that were sent', async () => {
    const topic = 'ledger';
    await source.create({ name: topic, partitions: 1, replicationFactor: 1, configs: {} });
    const values = [
      '{"id":9223372036854775807,"rate":0.12345678901234567890}',
      '{"id":-9007199254740993,"sum":10.00,"big":1E+400}',
      '9007199254740993',
    ];
    for (const value of values) await source.produce({ topic, partition: 0, key: null, value, headers: [] });
    const { messages } = await readPage(source, new NodeClock(), { topic, from: { at: 'oldest' }, limit: 10 });
    expect(messages.map((raw) => shownMessage(topic, raw, previewBounds).value.text)).toEqual(values);
  });
});
