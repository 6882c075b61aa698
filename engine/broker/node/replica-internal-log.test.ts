import { expect, it } from 'vitest';
import { writeCrc } from '../../records/batch-layout.ts';
import { encodeBatch } from '../../records/record-batch.ts';
import { ReplicaCluster } from '../api/testing/replica-cluster.ts';
import type { StoredRecord } from '../coordinator/internal-log.ts';
import { UnreadableRecordError } from '../coordinator/unreadable-record-error.ts';
import { ReplicaInternalLog } from './replica-internal-log.ts';

const topic = '__consumer_offsets';

function setUp() {
  const cluster = new ReplicaCluster([1]);
  cluster.createTopic(topic, [1]);
  const { replicas } = cluster.node(1);
  const log = new ReplicaInternalLog({ topic, replicas, metadata: () => cluster.view(), clock: cluster.clock });
  /** Leads in a later epoch, so that all of it is older, and reads it back. */
  const load = async (): Promise<{ records: StoredRecord[]; controlBatches: number }> => {
    const records: StoredRecord[] = [];
    cluster.controller.elect(topic, 1);
    cluster.publish();
    const loading = log.load(0, (record) => records.push(record));
    return { records, ...(await loading) };
  };
  return { cluster, log, load };
}

const record = (text: string) => ({ key: Buffer.from(text), value: Buffer.from(`value of ${text}`) });

const marker = () =>
  encodeBatch({
    records: [{ key: Buffer.from([0, 0, 0, 1]), value: Buffer.from([0, 0, 0, 0, 0, 0]) }],
    baseTimestamp: 0,
    producerId: 7,
    producerEpoch: 0,
    isTransactional: true,
    isControl: true,
  });

it('reads back what was appended and skips the markers of transactions, at the end too', async () => {
  const { log, load } = setUp();
  expect(await log.append(0, [record('a'), record('b')])).toMatchObject({ errorCode: 0, baseOffset: 0 });
  await log.appendBatch(0, marker());
  await log.append(0, [record('c')]);
  await log.appendBatch(0, marker());
  const { records, controlBatches } = await load();
  expect(records.map(({ offset, key }) => `${offset} ${key}`)).toEqual(['0 a', '1 b', '3 c']);
  expect(controlBatches).toBe(2);
});

it('says at which offset a batch cannot be read', async () => {
  const { log, load } = setUp();
  await log.append(0, [record('a')]);
  const batch = encodeBatch({ records: [record('b')], baseTimestamp: 0 });
  batch.writeInt32BE(2, 57);
  writeCrc(batch, 0);
  await log.appendBatch(0, batch);
  const failure = await load().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UnreadableRecordError);
  expect((failure as UnreadableRecordError).details).toEqual({ offset: 1 });
});

it('refuses to load what it does not lead', async () => {
  const { log } = setUp();
  await expect(log.load(1, () => {})).rejects.toMatchObject({ code: 'COORDINATOR_NOT_LOADED', retriable: true });
});

it('comes with word of every epoch in which its partition is led here', () => {
  const { cluster } = setUp();
  const told: number[] = [];
  cluster.node(1).replicas.onLeadership({
    elected: (_topic, _partition, leaderEpoch) => void told.push(leaderEpoch),
    resigned: () => void told.push(-1),
  });
  for (let epoch = 1; epoch <= 2; epoch++) {
    cluster.controller.elect(topic, 1);
    cluster.publish();
    cluster.publish();
  }
  expect(told).toEqual([1, 2]);
});
