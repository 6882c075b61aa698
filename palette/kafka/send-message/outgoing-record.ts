import { encodeBytes } from '../../../engine/formats/record-format.ts';
import { KafkaError } from '../../../engine/kafka/kafka-error.ts';
import type { OutgoingRecord } from '../../../engine/kafka/producer-settings.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import { toHeaders } from '../message-headers.ts';
import type declaration from './activity.ts';

type Config = ConfigOfDeclaration<typeof declaration>;

/** The record that a mapped input asks for. Throws KAFKA_ENCODE_FAILED, naming the field that does not fit. */
export function toOutgoingRecord(config: Config, input: Readonly<Record<string, unknown>>): OutgoingRecord {
  const { value, key, headers, timestamp, partition, topic } = input;
  if (value === undefined)
    throw new KafkaError('KAFKA_ENCODE_FAILED', 'Value: the mapping gave nothing; map null to send a tombstone');
  return {
    topic: typeof topic === 'string' && topic !== '' ? topic : config.topic,
    partition: wholeNumber(partition, 'Partition') ?? (config.assignPartition ? config.partition : undefined),
    key: encodeBytes(key, config.keyFormat, 'Key'),
    value: encodeBytes(value, config.valueFormat, 'Value'),
    headers: toHeaders(headers),
    timestampMs: wholeNumber(timestamp, 'Timestamp'),
  };
}

function wholeNumber(value: unknown, what: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new KafkaError('KAFKA_ENCODE_FAILED', `${what}: expected a whole number, found ${JSON.stringify(value)}`);
}
