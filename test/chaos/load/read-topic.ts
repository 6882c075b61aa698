import { AssignedReader } from '../../../engine/kafka/assigned-reader.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import type { ReceivedRecord } from '../../../engine/kafka/received-record.ts';
import { until } from '../../kit/until.ts';

const readWaitMsMax = 300_000;

/** Reads a topic from its start to where it ended when this was called. Records of a partition come in the order of the log. */
export async function readTopic(
  connection: KafkaConnection,
  topic: string,
  isolation: 'read_committed' | 'read_uncommitted',
  each: (record: ReceivedRecord) => void,
): Promise<void> {
  const settings = { topic, partitions: undefined, from: { kind: 'earliest' }, untilEnd: true } as const;
  const take = () => {
    for (let record = reader.next(); record; record = reader.next()) each(record);
  };
  const reader = new AssignedReader(connection, { ...settings, isolation }, take);
  await reader.start();
  const end = () => {
    take();
    return reader.isPastStart;
  };
  try {
    await until(`the end of ${topic}, ${isolation}`, end, readWaitMsMax);
  } finally {
    await reader.close();
  }
}
