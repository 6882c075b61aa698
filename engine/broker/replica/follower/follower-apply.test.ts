import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../base/log.ts';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import { MemoryDisk } from '../../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { encodeBatch } from '../../../records/record-batch.ts';
import { InflationGate } from '../../log/checks/inflation-gate.ts';
import { defaultLogConfig } from '../../log/log-config.ts';
import { PartitionLog } from '../../log/partition-log.ts';
import { DiskState } from '../disk-state.ts';
import { Partition } from '../partition.ts';
import type { PartitionHost } from '../partition-host.ts';
import { TopicTraffic } from '../topic-traffic.ts';
import type { FetchResponseRow } from './follower-apply.ts';
import { applyFetched } from './follower-apply.ts';

const ids = { topic: 'orders', topicId: 'ordersAAAAAAAAAAAAAAAA', partition: 0 };
const sets = { replicas: [1, 2], isr: [1, 2], leader: 2, leaderEpoch: 4, partitionEpoch: 4 };

/** Broker 1 follows 2 in epoch 4; its log holds one batch of two records of epoch 3. */
function follower(): Partition {
  const clock = new ManualClock();
  const disk = new MemoryDisk(new SeededRandom(1));
  const config = defaultLogConfig;
  const storage = PartitionLog.open({ disk, clock, log: silentLog, folder: '/orders-0', config, cleanShutdown: false });
  storage.appendAsFollower(batch(0, 3));
  const ignore = () => {};
  const host: PartitionHost = {
    localId: 1,
    clock,
    log: silentLog,
    lagTimeMaxMs: 1_000,
    inflations: new InflationGate(clock),
    diskState: new DiskState({ disk, dataFolder: '/data', clock, log: silentLog }),
    brokerState: () => undefined,
    trafficOf: () => new TopicTraffic(),
    moved: ignore,
    isrProposed: ignore,
  };
  const partition = new Partition(host, { ...ids, ...sets, config }, storage, 1);
  partition.assign({ ...ids, ...sets, config });
  return partition;
}

function batch(baseOffset: number, partitionLeaderEpoch: number): Buffer {
  const records = ['a', 'b'].map((value) => ({ key: null, value: Buffer.from(value) }));
  return encodeBatch({ records, baseTimestamp: 1, baseOffset, partitionLeaderEpoch });
}

function row(changes: Partial<FetchResponseRow>): FetchResponseRow {
  return {
    partitionIndex: 0,
    errorCode: errorCode.NONE,
    highWatermark: 4,
    lastStableOffset: 4,
    logStartOffset: 0,
    divergingEpoch: { epoch: -1, endOffset: -1 },
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
    snapshotId: { endOffset: -1, epoch: -1 },
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: batch(2, 4),
    ...changes,
  };
}

const sent = { fetchOffset: 2, leaderEpoch: 4 };

describe('an answer', () => {
  it('is appended as it is, and its high watermark taken', () => {
    const partition = follower();
    expect(applyFetched(partition, row({}), sent, silentLog)).toBe('fetched');
    expect(partition).toMatchObject({ highWatermark: 4, log: { endOffset: 4, latestEpoch: 4 } });
  });

  it.each([
    ['of another leader epoch', { ...sent, leaderEpoch: 3 }],
    ['to another offset', { ...sent, fetchOffset: 0 }],
  ])('%s changes nothing', (_, other) => {
    const partition = follower();
    expect(applyFetched(partition, row({}), other, silentLog)).toBe('outdated');
    expect(partition).toMatchObject({ highWatermark: 1, log: { endOffset: 2 } });
  });

  it('with a diverging epoch only truncates: neither its records nor its high watermark are used', () => {
    const partition = follower();
    const diverging = row({ divergingEpoch: { epoch: 2, endOffset: 1 } });
    expect(applyFetched(partition, diverging, sent, silentLog)).toBe('fetched');
    expect(partition.log.endOffset).toBe(0);
    expect(partition).toMatchObject({ highWatermark: 0, truncationsBelowHighWatermark: 1 });
  });

  it('with a gap is refused', () => {
    const partition = follower();
    expect(applyFetched(partition, row({ records: batch(3, 4) }), sent, silentLog)).toBe('refused');
    expect(partition.log.endOffset).toBe(2);
  });

  it('of an older high watermark does not move it back', () => {
    const partition = follower();
    applyFetched(partition, row({ highWatermark: 0, records: null }), sent, silentLog);
    expect(partition.highWatermark).toBe(1);
  });

  it('that is out of range starts anew only above the own end', () => {
    const partition = follower();
    const outOfRange = { errorCode: errorCode.OFFSET_OUT_OF_RANGE, records: null };
    expect(applyFetched(partition, row({ ...outOfRange, logStartOffset: 2 }), sent, silentLog)).toBe('refused');
    expect(applyFetched(partition, row({ ...outOfRange, logStartOffset: 9 }), sent, silentLog)).toBe('fetched');
    expect(partition).toMatchObject({ highWatermark: 9, log: { startOffset: 9, endOffset: 9 } });
  });
});
