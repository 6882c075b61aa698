import { assert } from '../../../engine/base/assert.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { ensureTopics } from '../../../engine/kafka/ensure-topics.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import type { OutgoingRecord, SendListener } from '../../../engine/kafka/producer-settings.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import { activityRuntime } from '../../../engine/spi/define-runtime.ts';
import { Later } from '../../../engine/spi/later.ts';
import type { RuntimeMetrics } from '../../../engine/spi/runtime.ts';
import { RecordTransaction } from '../record-transaction.ts';
import declaration from './activity.ts';
import { toOutgoingRecord } from './outgoing-record.ts';
import { toFault } from './send-fault.ts';
import type { SendTarget } from './send-list.ts';
import { sendList } from './send-list.ts';

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

/** Sends one record per execution, or a list of them; those of one turn travel together. Waits for room when the send buffer is full. */
export const runtime = activityRuntime(declaration, async (config, host) => {
  const connection = host.resource<KafkaConnection>(config.connection);
  await ensureTopics(connection, [config.topic]);
  const producer = await openProducer(connection, config);
  const send = (to: SendTarget, record: OutgoingRecord): Later<unknown> => {
    const sending = new Sending(record.topic, host.metrics);
    try {
      to.deliver(record, sending);
    } catch (error) {
      throw toFault(error);
    }
    return sending;
  };
  const sendWhenReady = async (to: SendTarget, record: OutgoingRecord, room: Promise<void>): Promise<unknown> => {
    for (let wait: Promise<void> | undefined = room; wait; wait = to.ready()) await wait;
    return new Promise((completed, failed) => send(to, record).listen({ completed, failed }));
  };
  const targetOf = (transaction: unknown): SendTarget => {
    if (!(transaction instanceof RecordTransaction)) return producer;
    assert(transaction.connection === connection, `${host.name} sends to another cluster than its transaction is on`);
    return transaction;
  };
  if (config.send === 'list')
    return {
      execute: ({ messages }, { transaction }) =>
        sendList(messages, {
          toRecord: (message) => toOutgoingRecord(config, message),
          to: targetOf(transaction),
          metrics: host.metrics,
          failsWithOne: config.onFailedMessage === 'fail',
        }),
      close: () => producer.close(),
    };
  return {
    execute: (input, { transaction }) => {
      const record = toOutgoingRecord(config, input);
      const to = transaction === undefined ? producer : targetOf(transaction);
      const room = to.ready();
      return room ? sendWhenReady(to, record, room) : send(to, record);
    },
    close: () => producer.close(),
  };
});

async function openProducer(
  connection: KafkaConnection,
  config: ConfigOfDeclaration<typeof declaration>,
): Promise<KafkaProducer> {
  const producer = new KafkaProducer(connection, {
    acks: config.acks === 'all' ? 'all' : config.acks === '1' ? 1 : 0,
    compression: config.compression,
    lingerMs: config.lingerMs,
    batchBytesMax: config.batchBytesMax,
    idempotent: config.idempotent,
    requestBytesMax: config.requestBytesMax,
    bufferBytesMax: config.bufferBytesMax,
    deliveryWaitMsMax: config.deliveryTimeoutMs,
  });
  try {
    await producer.check([config.topic]);
  } catch (error) {
    await producer.close();
    throw error;
  }
  return producer;
}
