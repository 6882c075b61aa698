import { KafkaError } from '../kafka-error.ts';

/** Where in a partition something was read. */
export interface PlaceInPartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** What of a partition cannot be read. Another replica may still have it whole, so a later try may succeed. */
export function corruptBatch(
  { topic, partition, offset }: PlaceInPartition,
  found: string,
  cause?: unknown,
): KafkaError {
  return new KafkaError(
    'KAFKA_CORRUPT_BATCH',
    `topic "${topic}", partition ${partition}, offset ${offset}: ${found}; nothing of it is passed on`,
    { retriable: true, cause, details: { topic, partition, offset } },
  );
}
