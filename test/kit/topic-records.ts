import { AssignedReader } from '../../engine/kafka/assigned-reader.ts';
import type { KafkaConnection } from '../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import type { ReceivedRecord } from '../../engine/kafka/received-record.ts';
import { until } from './until.ts';

/** Sends JSON values, each with its position as key, and waits until all are acknowledged. */
export async function sendValues(
  connection: KafkaConnection,
  topic: string,
  values: readonly unknown[],
): Promise<void> {
  const producer = new KafkaProducer(connection);
  const sends: Promise<unknown>[] = [];
  for (const [index, value] of values.entries()) {
    for (let room = producer.ready(); room; room = producer.ready()) await room;
    sends.push(producer.send({ topic, key: Buffer.from(String(index)), value: Buffer.from(JSON.stringify(value)) }));
  }
  await Promise.all(sends);
  await producer.close();
}

/** Everything that a topic holds now, partition by partition in offset order. */
export async function recordsOf(connection: KafkaConnection, topic: string): Promise<ReceivedRecord[]> {
  const records: ReceivedRecord[] = [];
  const reader = new AssignedReader(connection, { topic, partitions: undefined, from: { kind: 'earliest' } }, () => {});
  await reader.start();
  await until(`all records of ${topic}`, () => {
    for (let record = reader.next(); record; record = reader.next()) records.push(record);
    return reader.isPastStart;
  });
  await reader.close();
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** The same as data: each value parsed as JSON. */
export async function valuesOf(connection: KafkaConnection, topic: string): Promise<unknown[]> {
  return (await recordsOf(connection, topic)).map(({ value }) => JSON.parse(String(value)));
}
