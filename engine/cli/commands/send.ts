import { messageOf } from '../../base/errors.ts';
import { KafkaProducer } from '../../kafka/producer.ts';
import { encodeBytes } from '../../kafka/record-format.ts';
import { clusterOptions, openCluster } from '../cluster-options.ts';
import type { Command, Invocation } from '../command.ts';
import { UsageError } from '../command.ts';
import { flagOption, numberOption, pairsOption, textOption } from '../command-values.ts';
import { exitCode } from '../exit-code.ts';

interface Line {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** One JSON object per line: `{"key": ..., "value": ...}`; text as it is, anything else as JSON, null as null. */
function parseLine(line: string, number: number): Line {
  let parsed: { key?: unknown; value?: unknown };
  try {
    parsed = JSON.parse(line);
  } catch (error) {
    throw new UsageError(
      `--records: line ${number}: expected {"key": ..., "value": ...}, found no JSON (${messageOf(error)})`,
    );
  }
  if (typeof parsed !== 'object' || parsed === null || !('value' in parsed))
    throw new UsageError(`--records: line ${number}: expected {"key": ..., "value": ...}, found ${line.slice(0, 60)}`);
  return { key: encodeBytes(parsed.key, 'auto', 'key'), value: encodeBytes(parsed.value, 'auto', 'value') };
}

async function linesOf(invocation: Invocation): Promise<Line[]> {
  const key = textOption(invocation, 'key');
  const keyBytes = key === undefined ? null : Buffer.from(key);
  if (flagOption(invocation, 'tombstone')) return [{ key: keyBytes, value: null }];
  const value = invocation.positionals[1];
  if (value !== undefined) return [{ key: keyBytes, value: Buffer.from(value) }];
  const lines = (await invocation.readInput()).split('\n').filter((line) => line.trim() !== '');
  if (flagOption(invocation, 'records')) return lines.map((line, index) => parseLine(line, index + 1));
  return lines.map((line) => ({ key: keyBytes, value: Buffer.from(line.replace(/\r$/, '')) }));
}

export const send: Command = {
  positionals: [
    { name: 'topic', isRequired: true, help: 'Where to' },
    { name: 'value', help: 'The value; without it, each line of standard input is one' },
  ],
  options: {
    ...clusterOptions,
    key: { type: 'string', short: 'k', value: 'text', help: 'Key of every record' },
    partition: { type: 'string', value: 'number', help: 'Partition, in place of the one that follows from the key' },
    header: { type: 'string', multiple: true, value: 'name=text', help: 'A header of every record' },
    records: { type: 'boolean', help: 'Each line of standard input is {"key": ..., "value": ...}' },
    tombstone: { type: 'boolean', help: 'Send a null value' },
  },
  async run(invocation) {
    const topic = invocation.positionals[0]!;
    const partition = numberOption(invocation, 'partition', { min: 0, max: 2_147_483_647 });
    const headers = Object.entries(pairsOption(invocation, 'header')).map(([key, value]) => ({
      key,
      value: Buffer.from(value),
    }));
    const lines = await linesOf(invocation);
    const producer = new KafkaProducer(openCluster(invocation));
    try {
      await producer.check([topic]);
      const sends = [];
      for (const { key, value } of lines) {
        for (let room = producer.ready(); room; room = producer.ready()) await room;
        sends.push(producer.send({ topic, partition, key, value, headers }));
      }
      const sent = await Promise.all(sends);
      const [only] = sent;
      const text =
        sent.length === 1 && only
          ? `sent to ${topic}-${only.partition} at offset ${only.offset}`
          : `sent ${sent.length} records to ${topic}`;
      invocation.output.result(sent.length === 1 ? only : { topic, sent: sent.length }, text);
      return exitCode.ok;
    } finally {
      await producer.close();
    }
  },
};
