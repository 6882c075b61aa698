import type { KafkaConnection } from '../../engine/kafka/connection.ts';
import type { OutgoingRecord, SendListener } from '../../engine/kafka/producer-settings.ts';

/**
 * The transaction in which a ReceiveMessage commits the offset of a record (`JobContext.transaction`): what the job of that record sends
 * through it becomes visible together with that, or never.
 */
export abstract class RecordTransaction {
  abstract readonly connection: KafkaConnection;
  /** As `KafkaProducer.ready`. */
  abstract ready(): Promise<void> | undefined;
  /** As `KafkaProducer.deliver`. Throws KAFKA_TRANSACTION_OVER when the transaction was given up: its job is tried again. */
  abstract deliver(record: OutgoingRecord, listener: SendListener): void;
}
