import type { ReadFrom } from '../../kafka/assigned-reader.ts';
import { AssignedReader } from '../../kafka/assigned-reader.ts';
import type { ReceivedRecord } from '../../kafka/received-record.ts';
import { decodeBytes } from '../../kafka/record-format.ts';
import { clusterOptions, openCluster } from '../cluster-options.ts';
import type { Command, Invocation } from '../command.ts';
import { UsageError } from '../command.ts';
import { flagOption, numberOption, textOption } from '../command-values.ts';
import { exitCode } from '../exit-code.ts';

function readFrom(invocation: Invocation): ReadFrom {
  const text = textOption(invocation, 'from') ?? 'latest';
  if (text === 'earliest' || text === 'latest') return { kind: text };
  const last = /^last:(\d+)$/.exec(text)?.[1];
  if (last !== undefined) return { kind: 'last', count: Number(last) };
  if (/^\d+$/.test(text)) return { kind: 'offset', offset: Number(text) };
  const timestampMs = Date.parse(text);
  if (Number.isNaN(timestampMs))
    throw new UsageError(`--from: expected earliest, latest, last:N, an offset or a time, found "${text}"`);
  return { kind: 'time', timestampMs };
}

function toJson({
  topic,
  partition,
  offset,
  timestampMs,
  key,
  value,
  headers,
}: ReceivedRecord): Record<string, unknown> {
  return {
    topic,
    partition,
    offset,
    timestamp: timestampMs,
    key: decodeBytes(key, 'auto'),
    value: decodeBytes(value, 'auto'),
    headers: headers.map((header) => [header.key, decodeBytes(header.value, 'auto')]),
  };
}

function toText(record: ReceivedRecord, isVerbose: boolean): string {
  const shown = (bytes: Buffer | null) => {
    const data = decodeBytes(bytes, 'auto');
    return typeof data === 'string' ? data : JSON.stringify(data);
  };
  if (!isVerbose) return shown(record.value);
  const time = record.timestampMs < 0 ? '-' : new Date(record.timestampMs).toISOString();
  return `${record.partition}@${record.offset}  ${time}  ${shown(record.key)}  ${shown(record.value)}`;
}

export const receive: Command = {
  positionals: [{ name: 'topic', isRequired: true, help: 'Where from' }],
  options: {
    ...clusterOptions,
    from: {
      type: 'string',
      short: 'f',
      value: 'where',
      help: 'earliest, latest (default), last:N of each partition, an offset, or a time',
    },
    partition: { type: 'string', short: 'p', value: 'number', help: 'Only this partition' },
    max: { type: 'string', short: 'n', value: 'count', help: 'Stop after so many records' },
    'until-end': { type: 'boolean', help: 'Stop at what was the end when the command started' },
    'wait-ms': { type: 'string', value: 'ms', help: 'Stop when nothing has arrived for so long' },
    verbose: { type: 'boolean', short: 'v', help: 'Partition, offset, time and key too' },
  },
  async run(invocation) {
    const topic = invocation.positionals[0]!;
    const from = readFrom(invocation);
    const partition = numberOption(invocation, 'partition', { min: 0, max: 2_147_483_647 });
    const max = numberOption(invocation, 'max', { min: 1, max: Number.MAX_SAFE_INTEGER }) ?? Number.POSITIVE_INFINITY;
    const waitMs = numberOption(invocation, 'wait-ms', { min: 1, max: 86_400_000 });
    const untilEnd = flagOption(invocation, 'until-end');
    const isVerbose = flagOption(invocation, 'verbose');
    const connection = openCluster(invocation);
    let wake = () => {};
    const reader = new AssignedReader(
      connection,
      { topic, partitions: partition === undefined ? undefined : [partition], from },
      () => wake(),
    );
    let received = 0;
    try {
      await reader.start();
      while (received < max && !invocation.interrupted.aborted) {
        const record = reader.next();
        if (record) {
          received++;
          invocation.output.result(toJson(record), toText(record, isVerbose));
          continue;
        }
        if (untilEnd && reader.isPastStart) break;
        const isWoken = await new Promise<boolean>((resolve) => {
          const cancel = waitMs === undefined ? () => {} : connection.host.clock.after(waitMs, () => resolve(false));
          wake = () => {
            cancel();
            resolve(true);
          };
          invocation.interrupted.addEventListener('abort', () => wake(), { once: true });
        });
        if (!isWoken) break;
      }
      return invocation.interrupted.aborted ? exitCode.interrupted : exitCode.ok;
    } finally {
      await reader.close();
    }
  },
};
