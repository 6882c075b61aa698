import { MillraceError } from '../../../engine/base/errors.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { ensureTopics } from '../../../engine/kafka/ensure-topics.ts';
import { KafkaError } from '../../../engine/kafka/kafka-error.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import type { OutgoingRecord, SentRecord } from '../../../engine/kafka/producer-settings.ts';
import { activityRuntime } from '../../../engine/spi/define-runtime.ts';
import declaration from './activity.ts';
import { toOutgoingRecord } from './outgoing-record.ts';

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

const toOutput = ({ topic, partition, offset }: SentRecord) => ({ topic, partition, offset: offset ?? null });

/** Sends one record per execution; those of one turn travel together. Waits for room when the send buffer is full. */
export const runtime = activityRuntime(declaration, async (config, host) => {
  const connection = host.resource<KafkaConnection>(config.connection);
  await ensureTopics(connection, [config.topic]);
  const producer = new KafkaProducer(connection, {
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
    execute: (input) => send(toOutgoingRecord(config, input)),
    close: () => producer.close(),
  };
});
