import { MillraceError } from '../../../engine/base/errors.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { KafkaError } from '../../../engine/kafka/kafka-error.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import type { OutgoingRecord, SentRecord } from '../../../engine/kafka/producer-settings.ts';
import { encodeBytes } from '../../../engine/kafka/record-format.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import { activityRuntime } from '../../../engine/spi/define-runtime.ts';
import declaration from './activity.ts';

type Config = ConfigOfDeclaration<typeof declaration>;
type Input = Readonly<Record<string, unknown>>;

/** Codes that have their own fault in the declaration; every other one becomes KAFKA_SEND_FAILED with Kafka's code in details. */
const ownFaults = new Set(['KAFKA_UNKNOWN_TOPIC', 'KAFKA_MESSAGE_TOO_LARGE', 'KAFKA_ENCODE_FAILED']);

function toFault(thrown: unknown): unknown {
  if (!(thrown instanceof MillraceError) || ownFaults.has(thrown.code)) return thrown;
  if (thrown.code === 'KAFKA_RECORD_LIST_TOO_LARGE')
    return new KafkaError('KAFKA_MESSAGE_TOO_LARGE', thrown.message, { cause: thrown });
  return new KafkaError('KAFKA_SEND_FAILED', thrown.message, {
    cause: thrown,
    retriable: thrown.retriable,
    details: { kafka: thrown.code },
  });
}

function toRecord(config: Config, input: Input): OutgoingRecord {
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

function toHeaders(headers: unknown): OutgoingRecord['headers'] {
  if (headers === undefined || headers === null) return undefined;
  if (typeof headers !== 'object' || Array.isArray(headers))
    throw new KafkaError('KAFKA_ENCODE_FAILED', `Headers: expected an object, found ${JSON.stringify(headers)}`);
  return Object.entries(headers).map(([key, value]) => ({ key, value: encodeBytes(value, 'auto', `Header ${key}`) }));
}

const toOutput = ({ topic, partition, offset }: SentRecord) => ({ topic, partition, offset: offset ?? null });

/** Sends one record per execution; those of one turn travel together. Waits for room when the send buffer is full. */
export const runtime = activityRuntime(declaration, async (config, host) => {
  const producer = new KafkaProducer(host.resource<KafkaConnection>(config.connection), {
    acks: config.acks === 'all' ? 'all' : config.acks === '1' ? 1 : 0,
    compression: config.compression,
    lingerMs: config.lingerMs,
    batchBytesMax: config.batchBytesMax,
    deliveryWaitMsMax: config.deliveryTimeoutMs,
  });
  try {
    await producer.check([config.topic]);
  } catch (error) {
    await producer.close();
    throw error;
  }
  const send = async (record: OutgoingRecord) => {
    for (let room = producer.ready(); room; room = producer.ready()) await room;
    try {
      const sent = await producer.send(record);
      host.metrics.count('records_sent_total');
      return toOutput(sent);
    } catch (error) {
      throw toFault(error);
    }
  };
  return {
    execute: (input) => send(toRecord(config, input)),
    close: () => producer.close(),
  };
});
