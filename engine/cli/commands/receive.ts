import type { ReadFrom } from '../../kafka/assigned-reader.ts';
import { AssignedReader } from '../../kafka/assigned-reader.ts';
import type { ReceivedRecord } from '../../kafka/received-record.ts';
import { clusterOptions, openClient } from '../cluster-options.ts';
import type { Command, Invocation } from '../command.ts';
import { UsageError } from '../command.ts';
import { flagOption, numberOption, textOption } from '../command-values.ts';
import { exitCode, exitCodeOf } from '../exit-code.ts';
import { recordLine } from '../record-line.ts';

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

const newline = Buffer.from('\n');
const nothing = Buffer.from('null');

/** A line of text: the bytes of the record as they are. */
function textLine(record: ReceivedRecord, isVerbose: boolean): Buffer {
  const value = record.value ?? nothing;
  if (!isVerbose) return Buffer.concat([value, newline]);
  const time = new Date(record.timestampMs);
  const shown = record.timestampMs < 0 ? '-' : Number.isNaN(time.getTime()) ? record.timestampMs : time.toISOString();
  const head = Buffer.from(`${record.partition}@${record.offset}  ${shown}  `);
  return Buffer.concat([head, record.key ?? nothing, Buffer.from('  '), value, newline]);
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
    const { output, interrupted } = invocation;
    const topic = invocation.positionals[0]!;
    const from = readFrom(invocation);
    const partition = numberOption(invocation, 'partition', { min: 0, max: 2_147_483_647 });
    const max = numberOption(invocation, 'max', { min: 1, max: Number.MAX_SAFE_INTEGER }) ?? Number.POSITIVE_INFINITY;
    const waitMs = numberOption(invocation, 'wait-ms', { min: 1, max: 86_400_000 });
    const untilEnd = flagOption(invocation, 'until-end');
    const isVerbose = flagOption(invocation, 'verbose');
    const { connection, fetch } = openClient(invocation);
    let wake = () => {};
    const reader = new AssignedReader(
      connection,
      { ...fetch, topic, partitions: partition === undefined ? undefined : [partition], from, untilEnd },
      () => wake(),
    );
    let received = 0;
    try {
      interrupted.addEventListener('abort', () => wake(), { once: true });
      await reader.start();
      while (received < max && !interrupted.aborted) {
        const record = reader.next();
        if (record) {
          received++;
          output.write(output.isJson ? `${recordLine(record)}\n` : textLine(record, isVerbose));
          const full = output.drained(interrupted);
          if (full) await full;
          continue;
        }
        if (untilEnd && reader.isPastStart) break;
        const isWoken = await new Promise<boolean>((resolve) => {
          const cancel = waitMs === undefined ? () => {} : connection.host.clock.after(waitMs, () => resolve(false));
          wake = () => {
            cancel();
            resolve(true);
          };
        });
        if (!isWoken) break;
      }
      return interrupted.aborted ? exitCodeOf(interrupted.reason) : exitCode.ok;
    } finally {
      await reader.close();
    }
  },
};
