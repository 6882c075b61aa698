import { isUtf8 } from 'node:buffer';
import { messageOf } from '../../base/errors.ts';
import { KafkaProducer } from '../../kafka/producer.ts';
import type { SentRecord } from '../../kafka/producer-settings.ts';
import type { RecordHeader } from '../../kafka/received-record.ts';
import { clusterOptions, openClient } from '../cluster-options.ts';
import type { Command, Invocation } from '../command.ts';
import { UsageError } from '../command.ts';
import { flagOption, numberOption, pairListOption, textOption } from '../command-values.ts';
import { exitCode, exitCodeOf } from '../exit-code.ts';
import type { InputLine } from '../input-lines.ts';
import { inputLines, withoutMark } from '../input-lines.ts';
import { interruptedBy } from '../interruption.ts';
import type { LineRecord } from '../record-line.ts';
import { parseRecordLine } from '../record-line.ts';

function recordOfLine(line: InputLine): LineRecord {
  const bytes = withoutMark(line);
  try {
    if (!isUtf8(bytes)) throw new Error('expected UTF-8, found other bytes');
    return parseRecordLine(bytes.toString('utf8'));
  } catch (error) {
    throw new UsageError(`--records: line ${line.number}: expected {"key": ..., "value": ...}: ${messageOf(error)}`);
  }
}

/** The records to send, as standard input brings them. */
async function* recordsOf(invocation: Invocation): AsyncGenerator<LineRecord> {
  const key = textOption(invocation, 'key');
  const keyBytes = key === undefined ? null : Buffer.from(key);
  const value = invocation.positionals[1];
  if (flagOption(invocation, 'tombstone')) yield { key: keyBytes, value: null };
  else if (value !== undefined) yield { key: keyBytes, value: Buffer.from(value) };
  else if (flagOption(invocation, 'records')) {
    for await (const line of inputLines(invocation.input)) {
      const record = recordOfLine(line);
      yield record.key === null ? { ...record, key: keyBytes } : record;
    }
  } else for await (const { bytes } of inputLines(invocation.input)) yield { key: keyBytes, value: bytes };
}

/** What has become of the records so far. */
interface Tally {
  sent: number;
  last: SentRecord | undefined;
  failure: Error | undefined;
}

/** What the options say of every record. */
interface Common {
  readonly topic: string;
  readonly partition: number | undefined;
  readonly more: readonly RecordHeader[];
}

/** Hands records to the producer as they come and as it has room, until the first failure. */
async function sendAll(
  records: AsyncIterable<LineRecord>,
  { topic, partition, more }: Common,
  producer: KafkaProducer,
  tally: Tally,
): Promise<void> {
  let settled = 0;
  let handedOver = 0;
  let wake = () => {};
  const listener = {
    sent: (to: number, offset: number | undefined) => {
      tally.last = { topic, partition: to, offset };
      tally.sent++;
      settled++;
      wake();
    },
    failed: (error: Error) => {
      tally.failure ??= error;
      settled++;
      wake();
    },
  };
  for await (const record of records) {
    for (let room = producer.ready(); room; room = producer.ready()) await room;
    if (tally.failure) break;
    const headers = more.length ? [...(record.headers ?? []), ...more] : record.headers;
    handedOver++;
    producer.deliver({ ...record, topic, partition: partition ?? record.partition, headers }, listener);
  }
  while (settled < handedOver)
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
}

export const send: Command = {
  endsInOrder: true,
  positionals: [
    { name: 'topic', isRequired: true, help: 'Where to' },
    { name: 'value', help: 'The value; without it, each line of standard input is one, sent as it comes' },
  ],
  options: {
    ...clusterOptions,
    key: { type: 'string', short: 'k', value: 'text', help: 'Key of every record' },
    partition: { type: 'string', value: 'number', help: 'Partition, in place of the one that follows from the key' },
    header: {
      type: 'string',
      short: 'H',
      multiple: true,
      value: 'name=text',
      help: 'A header of every record; may be repeated',
    },
    records: {
      type: 'boolean',
      help: 'Each line of standard input is {"key": ..., "value": ...}, as receive --json prints them',
    },
    tombstone: { type: 'boolean', help: 'Send a null value' },
  },
  async run(invocation) {
    const topic = invocation.positionals[0]!;
    const partition = numberOption(invocation, 'partition', { min: 0, max: 2_147_483_647 });
    const more = pairListOption(invocation, 'header').map(([key, text]) => ({ key, value: Buffer.from(text) }));
    const client = openClient(invocation);
    const producer = new KafkaProducer(client.connection, client.producer);
    const tally: Tally = { sent: 0, last: undefined, failure: undefined };
    try {
      const interrupted = interruptedBy(invocation.interrupted);
      const early = await Promise.race([producer.check([topic]), interrupted]);
      // Nothing has been read yet.
      if (early !== undefined) return early;
      await sendAll(recordsOf(invocation), { topic, partition, more }, producer, tally);
      if (tally.failure) throw tally.failure;
      const { sent, last } = tally;
      const text =
        sent === 1 && last
          ? `sent to ${topic}-${last.partition} at offset ${last.offset}`
          : `sent ${sent} records to ${topic}`;
      invocation.output.result(sent === 1 ? last : { topic, sent }, text);
      return invocation.interrupted.aborted ? exitCodeOf(invocation.interrupted.reason) : exitCode.ok;
    } finally {
      await producer.close();
    }
  },
};
