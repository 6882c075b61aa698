import { findErrorBy } from '@platformatic/kafka';
import { MillraceError } from '../base/errors.ts';
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

interface LibraryError extends Error {
  readonly code?: string;
  readonly apiId?: string;
  readonly serverErrorMessage?: string | null;
  readonly canRetry?: boolean;
  readonly errors?: readonly LibraryError[];
  readonly cause?: LibraryError;
}

const depthMax = 20;

/** The error that started the chain: of several attempts the last one, since it says how things are now. */
function rootOf(error: LibraryError): LibraryError {
  let root = error;
  for (let depth = 0; depth < depthMax; depth++) {
    const next = root.errors?.[root.errors.length - 1] ?? root.cause;
    if (!(next instanceof Error)) break;
    root = next;
  }
  return root;
}

/** Turns whatever a call threw into one clear line with a stable code; a MillraceError that says its target passes through. */
export function toKafkaError(thrown: unknown, { target, action }: KafkaCall): MillraceError {
  if (thrown instanceof WireFault) {
    const { code, message, retriable, details } = thrown;
    return new KafkaError(code, `${target}: could not ${action}: ${message}`, { cause: thrown, retriable, details });
  }
  if (thrown instanceof MillraceError) return thrown;
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as LibraryError;
  const root = rootOf(error);
  const fail = (code: string, message: string, retriable: boolean) =>
    new KafkaError(code, `${target}: could not ${action}: ${message}`, { cause: thrown, retriable });
  const unknownTopic = /^Unknown topic (.+)\.$/.exec(root.message)?.[1];
  if (unknownTopic) return fail('KAFKA_UNKNOWN_TOPIC', `topic "${unknownTopic}" does not exist`, false);
  if (findErrorBy(error, 'code', 'PLT_KFK_AUTHENTICATION'))
    return fail('KAFKA_AUTHENTICATION_FAILED', 'the broker refused the credentials', false);
  if (root.apiId) {
    const said = root.serverErrorMessage || root.message;
    return fail(`KAFKA_${root.apiId}`, `the broker answered ${root.apiId}: ${said}`, root.canRetry === true);
  }
  if (findErrorBy(error, 'closed', true)) return fail('KAFKA_CLOSED', 'the client is closed', false);
  if (findErrorBy(error, 'code', 'PLT_KFK_NETWORK')) {
    // "Connection to h:p failed" without its cause says nothing; the root names the system's reason and address.
    return fail('KAFKA_CONNECT_FAILED', root.message, true);
  }
  return fail('KAFKA_CLIENT_FAILED', root.message, false);
}

/** Whether the broker (anywhere in the chain) answered with this protocol error, for example `OFFSET_OUT_OF_RANGE`. */
export function hasProtocolError(thrown: unknown, name: string): boolean {
  if (thrown instanceof KafkaError) return thrown.details.protocolError === name;
  return thrown instanceof Error && findErrorBy(thrown, 'apiId', name) !== null;
}
