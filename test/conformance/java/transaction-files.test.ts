import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { silentLog } from '../../../engine/base/log.ts';
import { ManualClock } from '../../../engine/base/testing/manual-clock.ts';
import { defaultLogConfig } from '../../../engine/broker/log/log-config.ts';
import { PartitionLog } from '../../../engine/broker/log/partition-log.ts';
import { append, appendInTransaction, appendMarker } from '../../../engine/broker/log/testing/test-batches.ts';
import type { Transaction } from '../../../engine/broker/txn/transaction.ts';
import { encodeTransactionRecord } from '../../../engine/broker/txn/transaction-records.ts';
import { NodeDisk } from '../../../engine/host/node-disk.ts';
import { encodeBatch } from '../../../engine/records/record-batch.ts';
import { testNowMs } from '../../../engine/records/testing/batch-of.ts';
import { runKafkaClass, whyNoApacheKafka } from '../../kit/apache-kafka.ts';

const reason = whyNoApacheKafka();
const data = mkdtempSync(join(tmpdir(), 'transaction-files-'));

afterAll(() => rmSync(data, { recursive: true, force: true }));

function openLog(name: string): PartitionLog {
  const folder = join(data, name);
  mkdirSync(folder);
  // Small intervals, or a log of a few batches has no files beside it.
  const config = { ...defaultLogConfig, indexIntervalBytes: 100 };
  const parts = { disk: new NodeDisk(), clock: new ManualClock(testNowMs), log: silentLog };
  return PartitionLog.open({ ...parts, folder, config, cleanShutdown: false });
}

function dump(file: string, ...options: string[]): string {
  return runKafkaClass('org.apache.kafka.tools.DumpLogSegments', ['--files', join(data, file), ...options]);
}

it.skipIf(reason)(`Kafka reads markers, aborted transactions and open ones (${reason ?? 'with its own tool'})`, () => {
  const log = openLog('orders-0');
  append(log, ['plain']);
  appendInTransaction(log, ['a'], 7);
  appendInTransaction(log, ['b'], 8);
  appendMarker(log, 8, 'abort', { coordinatorEpoch: 3 });
  appendMarker(log, 7, 'commit', { coordinatorEpoch: 3 });
  appendInTransaction(log, ['open'], 9, { epoch: 4 });
  log.close({ clean: true });
  expect(dump('orders-0/00000000000000000000.txnindex')).toContain(
    'version: 0 producerId: 8 firstOffset: 2 lastOffset: 3 lastStableOffset: 1',
  );
  const snapshot = dump('orders-0/00000000000000000006.snapshot');
  expect(snapshot).toContain(
    'producerId: 9 producerEpoch: 4 coordinatorEpoch: -1 currentTxnFirstOffset: OptionalLong[5]',
  );
  expect(snapshot).toContain(
    'producerId: 8 producerEpoch: 0 coordinatorEpoch: 3 currentTxnFirstOffset: OptionalLong.empty',
  );
  const records = dump('orders-0/00000000000000000000.log', '--deep-iteration');
  expect(records).toContain('endTxnMarker: ABORT coordinatorEpoch: 3');
  expect(records).toContain('endTxnMarker: COMMIT coordinatorEpoch: 3');
});

it.skipIf(reason)(`Kafka reads the states of transactional ids (${reason ?? 'with its own tool'})`, () => {
  const log = openLog('__transaction_state-0');
  const transaction: Transaction = {
    transactionalId: 'app',
    producerId: 7,
    producerEpoch: 2,
    lastProducerEpoch: 1,
    previousProducerId: 6,
    nextProducerId: 11,
    timeoutMs: 60_000,
    phase: 'PrepareCommit',
    partitions: new Map([['orders', [0, 1]]]),
    lastUpdateMs: 2,
    startMs: 1,
    clientVersion: 2,
  };
  const record = encodeTransactionRecord({ kind: 'transaction', transactionalId: 'app', transaction });
  const batch = encodeBatch({ records: [record], baseTimestamp: testNowMs });
  expect(log.appendAsLeader(batch, { leaderEpoch: 0, origin: 'internal' }).ok).toBe(true);
  log.close({ clean: true });
  const payload = {
    producerId: 7,
    previousProducerId: 6,
    nextProducerId: 11,
    producerEpoch: 2,
    transactionTimeoutMs: 60_000,
    transactionStatus: 'PrepareCommit',
    transactionPartitions: [{ topic: 'orders', partitionIds: [0, 1] }],
    transactionLastUpdateTimestampMs: 2,
    transactionStartTimestampMs: 1,
    clientTransactionVersion: 2,
  };
  expect(dump('__transaction_state-0/00000000000000000000.log', '--transaction-log-decoder')).toContain(
    `payload: ${JSON.stringify({ version: '1', data: payload })}`,
  );
});
