import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApacheKafka } from '../kit/apache-kafka.ts';
import { startApacheKafka, whyNoApacheKafka } from '../kit/apache-kafka.ts';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { RawClient } from '../kit/raw-client.ts';
import { adminAnswers } from './answers/admin-answers.ts';
import { classicGroupAnswers } from './answers/classic-group-answers.ts';
import { configAnswers } from './answers/config-answers.ts';
import { consumerGroupAnswers } from './answers/consumer-group-answers.ts';
import { readerAnswers } from './answers/reader-answers.ts';
import { storageAnswers } from './answers/storage-answers.ts';
import { transactionAnswers } from './answers/transaction-answers.ts';

const reason = whyNoApacheKafka();
const title = `the same answers as Apache Kafka${reason ? ` (skipped: ${reason})` : ''}`;

describe.skipIf(reason !== undefined)(title, () => {
  let ours: BundledCluster;
  let apacheKafka: ApacheKafka;

  beforeAll(async () => {
    [ours, apacheKafka] = await Promise.all([startBundledCluster(1), startApacheKafka({ nodes: 1, heapMb: 256 })]);
  });
  afterAll(async () => {
    await Promise.all([ours?.stop(), apacheKafka?.stop()]);
  });

  it.each([
    ['administration', adminAnswers],
    ['configs', configAnswers],
    ['consumers, groups and producers', readerAnswers],
    ['groups of the classic protocol', classicGroupAnswers],
    ['groups of the consumer protocol', consumerGroupAnswers],
    ['transactions', transactionAnswers],
    ['logs: what is deleted, stamped, compressed', storageAnswers],
  ])('to raw requests of %s', async (_, answersTo) => {
    const clients = [new RawClient(apacheKafka.bootstrap), new RawClient(ours.bootstrap)] as const;
    try {
      const expected = await answersTo(clients[0]);
      expect(await answersTo(clients[1])).toEqual(expected);
    } finally {
      for (const client of clients) client.close();
    }
  });
});
