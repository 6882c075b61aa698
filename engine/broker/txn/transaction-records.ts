import { decodeFrom, encodeInto } from '../../protocol/codec.ts';
import { DecodeError } from '../../protocol/decode-error.ts';
import { Reader } from '../../protocol/reader.ts';
import { transactionLogKey, transactionLogValue } from '../../protocol/schemas/records/transaction-log.ts';
import { Writer } from '../../protocol/writer.ts';
import type { KeyValue } from '../coordinator/internal-log.ts';
import type { UnknownRecord } from '../coordinator/state-machine.ts';
import type { Transaction } from './transaction.ts';
import { transactionPhases } from './transaction.ts';

const keyVersion = 0;
/** The version that Kafka 4.4 writes; older ones are read. */
const valueVersion = 1;

/** What a record of `__transaction_state` says of a transactional id: what it is now, or that it is no more. */
export interface TransactionRecord {
  readonly kind: 'transaction';
  readonly transactionalId: string;
  readonly transaction: Transaction | null;
}

/** A record in Kafka's own bytes. */
export function encodeTransactionRecord({ transactionalId, transaction }: TransactionRecord): KeyValue {
  const key = new Writer();
  key.int16(keyVersion);
  encodeInto(key, transactionLogKey, keyVersion, { transactionalId });
  const keyBytes = Buffer.concat(key.finish());
  if (!transaction) return { key: keyBytes, value: null };
  const value = new Writer();
  value.int16(valueVersion);
  encodeInto(value, transactionLogValue, valueVersion, {
    producerId: transaction.producerId,
    previousProducerId: transaction.previousProducerId,
    nextProducerId: transaction.nextProducerId,
    producerEpoch: transaction.producerEpoch,
    transactionTimeoutMs: transaction.timeoutMs,
    transactionStatus: transactionPhases.indexOf(transaction.phase),
    transactionPartitions:
      transaction.phase === 'Empty'
        ? null
        : Array.from(transaction.partitions, ([topic, partitionIds]) => ({ topic, partitionIds: [...partitionIds] })),
    transactionLastUpdateTimestampMs: transaction.lastUpdateMs,
    transactionStartTimestampMs: transaction.startMs,
    clientTransactionVersion: transaction.clientVersion,
  });
  return { key: keyBytes, value: Buffer.concat(value.finish()) };
}

/**
 * Reads a record of `__transaction_state`; 'unknown' where it has a newer version than this one knows.
 * @throws DecodeError when the bytes are not what their version says
 */
export function decodeTransactionRecord({ key, value }: KeyValue): TransactionRecord | UnknownRecord {
  const keyReader = new Reader(key);
  const type = keyReader.int16();
  if (type !== keyVersion) return { kind: 'unknown', part: 'key', version: type };
  const { transactionalId } = decodeFrom(keyReader, transactionLogKey, keyVersion);
  if (!value) return { kind: 'transaction', transactionalId, transaction: null };
  const reader = new Reader(value);
  const version = reader.int16();
  if (version > transactionLogValue.versions.max) return { kind: 'unknown', part: 'value', version };
  const read = decodeFrom(reader, transactionLogValue, version);
  const phase = transactionPhases[read.transactionStatus];
  if (!phase) throw new DecodeError('INVALID_VALUE', `transaction status ${read.transactionStatus}`, 0);
  const transaction: Transaction = {
    transactionalId,
    producerId: read.producerId,
    producerEpoch: read.producerEpoch,
    lastProducerEpoch: -1,
    previousProducerId: read.previousProducerId,
    nextProducerId: read.nextProducerId,
    timeoutMs: read.transactionTimeoutMs,
    phase,
    partitions: new Map((read.transactionPartitions ?? []).map(({ topic, partitionIds }) => [topic, partitionIds])),
    lastUpdateMs: read.transactionLastUpdateTimestampMs,
    startMs: read.transactionStartTimestampMs,
    clientVersion: read.clientTransactionVersion,
  };
  return { kind: 'transaction', transactionalId, transaction };
}
