import { MillraceError, messageOf } from '../base/errors.ts';
import { errorName, errorTable } from '../protocol/error-codes.ts';

/** A failure between the engine and a Kafka cluster. Codes: `KAFKA_CONNECT_FAILED`, `KAFKA_<error name of the protocol>`, ... */
export class KafkaError extends MillraceError {
  override readonly name = 'KafkaError';
}

/**
 * A KafkaError of the wire layer, which does not know what the call was for: its message says only what happened. Turned into
 * one that names target and action by `toKafkaError`.
 */
export class WireFault extends KafkaError {}

/** Error codes whose KafkaError is called otherwise than `KAFKA_<name>`: names that users know and palettes declare. */
const knownCodes: Readonly<Record<string, string>> = {
  SASL_AUTHENTICATION_FAILED: 'KAFKA_AUTHENTICATION_FAILED',
  UNKNOWN_TOPIC_OR_PARTITION: 'KAFKA_UNKNOWN_TOPIC',
};

/** What a broker's error code means as an error; `said` is the broker's own message, where it gave one. */
export function protocolFault(code: number, said?: string | null): WireFault {
  const name = errorName(code) ?? `ERROR_${code}`;
  const info = name in errorTable ? errorTable[name as keyof typeof errorTable] : undefined;
  const text = said || (info?.text ?? 'a code that this client does not know');
  return new WireFault(knownCodes[name] ?? `KAFKA_${name}`, `the broker answered ${name}: ${text}`, {
    retriable: info?.retriable === true,
    details: { protocolError: name },
  });
}

/** What a failed call was about, for the message. */
export interface KafkaCall {
  /** `Kafka Connection "orders" (127.0.0.1:9092)`. */
  readonly target: string;
  /** `list topics`, `send to topic "alerts"`. */
  readonly action: string;
}

/** Turns whatever a call threw into one clear line with a stable code; a MillraceError that says its target passes through. */
export function toKafkaError(thrown: unknown, { target, action }: KafkaCall): MillraceError {
  if (thrown instanceof WireFault) {
    const { code, message, retriable, details } = thrown;
    return new KafkaError(code, `${target}: could not ${action}: ${message}`, { cause: thrown, retriable, details });
  }
  if (thrown instanceof MillraceError) return thrown;
  return new KafkaError('KAFKA_CLIENT_FAILED', `${target}: could not ${action}: ${messageOf(thrown)}`, {
    cause: thrown,
  });
}

/** Whether the broker answered with this protocol error, for example `OFFSET_OUT_OF_RANGE`. */
export function hasProtocolError(thrown: unknown, name: string): boolean {
  return thrown instanceof KafkaError && thrown.details.protocolError === name;
}
