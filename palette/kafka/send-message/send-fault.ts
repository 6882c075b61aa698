import { MillraceError } from '../../../engine/base/errors.ts';
import { KafkaError } from '../../../engine/kafka/kafka-error.ts';

/** Codes that have their own fault in the declaration; every other one becomes KAFKA_SEND_FAILED with Kafka's code in details. */
const ownFaults = new Set(['KAFKA_UNKNOWN_TOPIC', 'KAFKA_MESSAGE_TOO_LARGE', 'KAFKA_ENCODE_FAILED']);

/** What the producer threw as a fault of SendMessage. A bug of ours stays what it is. */
export function toFault(thrown: unknown): unknown {
  if (!(thrown instanceof MillraceError) || ownFaults.has(thrown.code)) return thrown;
  if (thrown.code === 'KAFKA_RECORD_LIST_TOO_LARGE')
    return new KafkaError('KAFKA_MESSAGE_TOO_LARGE', thrown.message, { cause: thrown });
  return new KafkaError('KAFKA_SEND_FAILED', thrown.message, {
    cause: thrown,
    retriable: thrown.retriable,
    details: { kafka: thrown.code },
  });
}
