import { describe, expect, it } from 'vitest';
import { apis } from '../protocol/api-keys.ts';
import type { ReadSettings } from './assigned-reader.ts';
import { AssignedReader } from './assigned-reader.ts';
import { ScriptedCluster } from './testing/scripted-cluster.ts';
import { ScriptedLogs } from './testing/scripted-logs.ts';
import { ScriptedReads } from './testing/scripted-reads.ts';

function ground(settings: Partial<ReadSettings> = {}) {
  const cluster = new ScriptedCluster(2);
  const logs = new ScriptedLogs(cluster);
  const reads = new ScriptedReads(cluster, logs);
  logs.create('t', 2);
  reads.append('t', 0, ...'abcde');
  reads.append('t', 1, ...'xyz');
  const taken: string[] = [];
  const state = { error: undefined as unknown };
  const reader = new AssignedReader(
    cluster.connection({ retryBackoffMs: 10 }),
    { topic: 't', partitions: undefined, from: { kind: 'earliest' }, ...settings },
    () => drain(),
  );
  const drain = () => {
    try {
      for (let record = reader.next(); record; record = reader.next()) taken.push(String(record.value));
    } catch (error) {
      state.error = error;
    }
  };
  return { cluster, logs, reads, reader, taken, state, drain };
}

const textOf = (taken: readonly string[]) => taken.toSorted().join('');

describe('AssignedReader', () => {
  it.each([
    [{ kind: 'earliest' }, 'abcdexyz'],
    [{ kind: 'latest' }, ''],
    [{ kind: 'last', count: 2 }, 'deyz'],
    [{ kind: 'offset', offset: 2 }, 'cdez'],
    [{ kind: 'offset', offset: 99 }, ''],
  ] as const)('begins at %j', async (from, expected) => {
    const { cluster, reader, taken } = ground({ from });
    void reader.start();
    await cluster.run(1_000);
    expect([textOf(taken), reader.isPastStart]).toEqual([expected, true]);
    await reader.close();
  });

  it('reads what was there to its end and stops', async () => {
    const { cluster, reads, reader, taken } = ground({ untilEnd: true });
    void reader.start();
    await cluster.until('it fetches', () => cluster.requests(apis.fetch).length > 0);
    reads.append('t', 0, 'later');
    await cluster.run(2_000);
    expect([textOf(taken), reader.isPastStart]).toEqual(['abcdexyz', true]);
    await reader.close();
  });

  it('reads on from another place, in one partition or in all, and not while it is paused', async () => {
    const { cluster, reads, reader, taken } = ground({ from: { kind: 'latest' } });
    void reader.start();
    await cluster.run(1_000);
    void reader.seek({ kind: 'last', count: 1 }, [0]);
    await cluster.run(1_000);
    expect(textOf(taken)).toBe('e');
    reader.pause([1]);
    await cluster.run(100);
    reads.append('t', 1, '1');
    reads.append('t', 0, '0');
    await cluster.run(1_000);
    expect(textOf(taken)).toBe('0e');
    reader.resume([1]);
    await cluster.run(1_000);
    expect(textOf(taken)).toBe('01e');
    void reader.seek({ kind: 'earliest' });
    await cluster.run(1_000);
    expect(textOf(taken.slice(3))).toBe('01abcdexyz');
    await reader.close();
  });

  it('gives everything else before it throws for a partition that is damaged', async () => {
    const { cluster, reads, reader, taken, state } = ground();
    reads.damage = (_topic, partition, bytes) => {
      if (partition === 0) bytes[bytes.length - 3]! ^= 1;
      return bytes;
    };
    void reader.start();
    await cluster.run(1_000);
    expect(textOf(taken)).toBe('abcxyz');
    expect(state.error).toMatchObject({ code: 'KAFKA_CORRUPT_BATCH', details: { partition: 0, offset: 3 } });
    await reader.close();
  });
});
