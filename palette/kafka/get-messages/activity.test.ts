import { describe, expect, it } from 'vitest';
import { ScriptedCluster } from '../../../engine/kafka/testing/scripted-cluster.ts';
import { ScriptedLogs } from '../../../engine/kafka/testing/scripted-logs.ts';
import { ScriptedReads } from '../../../engine/kafka/testing/scripted-reads.ts';
import { apis } from '../../../engine/protocol/api-keys.ts';
import type { ActivityInstance } from '../../../engine/spi/runtime.ts';
import { testConfig, testJob, testRuntimeHost } from '../../../test/kit/runtime-host.ts';
import declaration from './activity.ts';
import { partitionsOf } from './read-place.ts';
import { runtime } from './runtime.ts';

interface Output {
  readonly count: number;
  readonly messages: readonly { readonly partition: number; readonly offset: number; readonly value: unknown }[];
  readonly next: Readonly<Record<string, number>>;
}

/** The activity on two partitions with six records and three, in a cluster in memory. */
function ground(raw: Record<string, string | number> = {}) {
  const cluster = new ScriptedCluster(2);
  const logs = new ScriptedLogs(cluster);
  const reads = new ScriptedReads(cluster, logs);
  logs.create('t', 2);
  reads.append('t', 0, 'a0', 'a1', 'a2', 'a3', 'a4', 'a5');
  reads.append('t', 1, 'b0', '{"n":1}', 'b2');
  const connection = cluster.connection({ retryBackoffMs: 10 });
  const host = { ...testRuntimeHost({ resources: { c: connection } }), clock: connection.host.clock };
  const instance = runtime.open(testConfig(declaration, { connection: 'c', topic: 't', ...raw }), host as never);
  const read = async (input: Record<string, unknown> = {}): Promise<Output | Error> => {
    let result: Output | Error | undefined;
    Promise.resolve((instance as ActivityInstance).execute(input, testJob)).then(
      (output) => {
        result = output as Output;
      },
      (error) => {
        result = error as Error;
      },
    );
    await cluster.until('it has ended', () => result !== undefined);
    return result!;
  };
  return { cluster, reads, read };
}

const placesOf = (output: Output | Error) =>
  (output as Output).messages.map(({ partition, offset }) => `${partition}@${offset}`).sort();

describe('GetMessages', () => {
  it('reads all that is there from the beginning, decoded, and says where to go on', async () => {
    const { read } = ground();
    const output = (await read()) as Output;
    expect([output.count, output.next]).toEqual([9, { 0: 6, 1: 3 }]);
    expect(output.messages.find(({ partition, offset }) => partition === 1 && offset === 1)).toEqual({
      ...{ topic: 't', partition: 1, offset: 1, timestamp: 1_000, key: null, value: { n: 1 }, headers: {} },
    });
  });

  it('ends with as many as it may have, and goes on where it was told', async () => {
    const { read } = ground({ count: 4, partitions: '0' });
    const first = (await read()) as Output;
    expect([placesOf(first), first.next]).toEqual([['0@0', '0@1', '0@2', '0@3'], { 0: 4 }]);
    expect(placesOf(await read({ offset: first.next }))).toEqual(['0@4', '0@5']);
  });

  it.each([
    [{ from: 'offset', offset: 2, partitions: '1' }, {}, ['1@2']],
    [{ partitions: '0-1' }, { offset: 5 }, ['0@5']],
    [{ from: 'last', count: 1, partitions: '1' }, {}, ['1@2']],
    [{ from: 'time', partitions: '1' }, { time: 900, count: 2 }, ['1@0', '1@1']],
    [{ from: 'time' }, { time: '2000-01-01T00:00:00Z' }, []],
  ] as const)('with %j and the input %j reads %j', async (raw, input, places) => {
    const { read } = ground(raw as Record<string, string | number>);
    expect(placesOf(await read(input))).toEqual(places);
  });

  it('waits for the first message where none is there', async () => {
    const { cluster, read, reads } = ground({ from: 'latest', waitMsMax: 5_000 });
    const reading = read();
    await cluster.until('it looks for records', () => cluster.requests(apis.fetch).length > 0);
    reads.append('t', 1, 'late');
    expect(placesOf(await reading)).toEqual(['1@3']);
    const { read: readNothing } = ground({ from: 'latest', waitMsMax: 0 });
    expect(await readNothing()).toMatchObject({ count: 0, next: { 0: 6, 1: 3 } });
  });

  it.each([
    [{}, { offset: -1 }, 'expected an offset to read from, found -1'],
    [{}, { offset: { x: 1 } }, 'expected a partition to read from, found "x"'],
    [{ from: 'time' }, {}, 'expected a time (milliseconds since 1970, or ISO 8601) to read from, found nothing'],
    [{ valueFormat: 'json', partitions: '1' }, {}, 't[1] @ 0: Value: expected JSON, found "b0"'],
  ] as const)('with %j refuses the input %j', async (raw, input, message) => {
    const { read } = ground(raw as Record<string, string>);
    expect(((await read(input)) as Error).message).toBe(message);
  });

  it('knows numbers and ranges of partitions', () => {
    expect([partitionsOf('0-2,5,1'), partitionsOf('')]).toEqual([[0, 1, 2, 5], undefined]);
    expect(() => partitionsOf('5-2')).toThrow('expected a range such as 0-2, found 5-2');
  });
});
