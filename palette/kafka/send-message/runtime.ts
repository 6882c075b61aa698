import { MillraceError } from '../../../engine/base/errors.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { ensureTopics } from '../../../engine/kafka/ensure-topics.ts';
import { KafkaError } from '../../../engine/kafka/kafka-error.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import type { OutgoingRecord, SendListener } from '../../../engine/kafka/producer-settings.ts';
import { activityRuntime } from '../../../engine/spi/define-runtime.ts';
import { Later } from '../../../engine/spi/later.ts';
import type { RuntimeMetrics } from '../../../engine/spi/runtime.ts';
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

/** One record on its way, as the result of its activity. */
class Sending extends Later<unknown> implements SendListener {
  readonly #topic: string;
  readonly #metrics: RuntimeMetrics;

  constructor(topic: string, metrics: RuntimeMetrics) {
    super();
    this.#topic = topic;
    this.#metrics = metrics;
  }

  sent(partition: number, offset: number | undefined): void {
    this.#metrics.count('records_sent_total');
    this.complete({ topic: this.#topic, partition, offset: offset ?? null });
  }

  failed(error: Error): void {
    this.fail(toFault(error));
  }
}

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
  const send = (record: OutgoingRecord): Later<unknown> => {
    const sending = new Sending(record.topic, host.metrics);
    try {
      producer.deliver(record, sending);
    } catch (error) {
      throw toFault(error);
    }
    return sending;
  };
  const sendWhenReady = async (record: OutgoingRecord, room: Promise<void>): Promise<unknown> => {
    for (let wait: Promise<void> | undefined = room; wait; wait = producer.ready()) await wait;
    return new Promise((completed, failed) => send(record).listen({ completed, failed }));
  };
  return {
    execute: (input) => {
      const record = toOutgoingRecord(config, input);
      const room = producer.ready();
      return room ? sendWhenReady(record, room) : send(record);
    },
    close: () => producer.close(),
  };
});
