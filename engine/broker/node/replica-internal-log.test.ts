import { expect, it } from 'vitest';
import { errorCode } from '../../protocol/error-codes.ts';
import { writeCrc } from '../../records/batch-layout.ts';
import { encodeBatch } from '../../records/record-batch.ts';
import { ReplicaCluster } from '../api/testing/replica-cluster.ts';
import type { StoredRecord, TransactionEnd } from '../coordinator/internal-log.ts';
import { UnreadableRecordError } from '../coordinator/unreadable-record-error.ts';
import { ReplicaInternalLog } from './replica-internal-log.ts';

const topic = '__consumer_offsets';

function setUp() {
  const cluster = new ReplicaCluster([1]);
  cluster.createTopic(topic, [1]);
  const { replicas } = cluster.node(1);
  const log = new ReplicaInternalLog({ topic, replicas, metadata: () => cluster.view(), clock: cluster.clock });
  /** Leads in a later epoch, so that all of it is older, and reads it back. */
  const load = async () => {
    const records: StoredRecord[] = [];
    const ends: TransactionEnd[] = [];
    cluster.controller.elect(topic, 1);
    cluster.publish();
    const loading = log.load(
      0,
      (record) => records.push(record),
      (end) => ends.push(end),
    );
    return { records, ends, ...(await loading) };
  };
  return { cluster, log, load };
}

const record = (text: string) => ({ key: Buffer.from(text), value: Buffer.from(`value of ${text}`) });

/** A control batch of a kind that is not known. */
const strange = () =>
  encodeBatch({
    records: [{ key: Buffer.from([0, 0, 0, 9]), value: Buffer.from([0, 0, 0, 0, 0, 0]) }],
    baseTimestamp: 0,
    isControl: true,
  });

it('reads back what was appended, with whose transaction it is and how that ended, and skips other control batches', async () => {
  const { cluster, log, load } = setUp();
  const producer = { producerId: 7, producerEpoch: 0 };
  expect(await log.append(0, [record('a'), record('b')])).toMatchObject({ errorCode: 0, baseOffset: 0 });
  await log.appendBatch(0, strange());
  const verification = cluster.node(1).replicas.hostedPartition(topic, 0)?.startVerification(7, 0, -1);
  expect(await log.append(0, [record('c')], { ...producer, verification })).toMatchObject({ errorCode: 0 });
  expect(await log.append(0, [record('d')], { ...producer, verification: undefined })).toMatchObject({ errorCode: 0 });
  await log.appendEnd(0, { ...producer, isAbort: true, coordinatorEpoch: 3, transactionVersion: 0 });
  const { records, ends, controlBatches } = await load();
  expect(records.map(({ offset, key, producerId = '' }) => `${offset} ${key} ${producerId}`.trim())).toEqual([
    '0 a',
    '1 b',
    '3 c 7',
    '4 d 7',
  ]);
  expect(ends).toEqual([{ producerId: 7, isAbort: true }]);
  expect(controlBatches).toBe(1);
});

it('takes no offsets in a transaction of which nobody has asked whether this partition is in it', async () => {
  const { log } = setUp();
  const transaction = { producerId: 7, producerEpoch: 0, verification: undefined };
  expect(await log.append(0, [record('a')], transaction)).toMatchObject({ errorCode: errorCode.INVALID_TXN_STATE });
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
  const load = log.load(
    1,
    () => {},
    () => {},
  );
  await expect(load).rejects.toMatchObject({ code: 'COORDINATOR_NOT_LOADED', retriable: true });
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
