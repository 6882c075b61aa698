import { errorCode } from '../../../protocol/error-codes.ts';
import { transactionalProducerOf } from '../../log/producers/batch-producer.ts';
import type { AppendReply } from '../../replica/append/append-reply.ts';
import { refusedAppend } from '../../replica/append/append-reply.ts';
import type { BrokerServices } from '../services.ts';
import { enterTransaction, entryError } from '../transactions/enter-transaction.ts';

/** First version whose producers know TRANSACTION_ABORTABLE (KIP-890). */
const abortableSinceVersion = 11;
/** First version whose batches add their partition to the transaction by themselves (KIP-890, transactions version 2). */
export const addsSinceVersion = 12;

export interface TransactionalAppend {
  readonly transactionalId: string;
  readonly apiVersion: number;
  readonly topic: string;
  readonly partition: number;
  readonly records: Buffer;
  readonly acks: 0 | 1 | -1;
  readonly timeoutMs: number;
}

/** Appends what a producer sent in its transaction, once the partition is known to be in that; other batches at once. */
export function appendInTransaction(
  services: Pick<BrokerServices, 'replicas' | 'transactionEntry'>,
  append: TransactionalAppend,
): AppendReply | Promise<AppendReply> {
  const { transactionalId, apiVersion, topic, partition, records, acks, timeoutMs } = append;
  const { replicas } = services;
  const producer = transactionalProducerOf(records);
  if (!producer) return replicas.append(topic, partition, records, acks, timeoutMs);
  const adds = apiVersion >= addsSinceVersion;
  const entered = enterTransaction(services, { topic, partition, ...producer, transactionalId, adds });
  if (!(entered instanceof Promise))
    return replicas.append(topic, partition, records, acks, timeoutMs, entered.verification);
  return entered.then(({ code, verification }) => {
    if (code === errorCode.NONE) return replicas.append(topic, partition, records, acks, timeoutMs, verification);
    const told = entryError(code, {
      passing: errorCode.NOT_ENOUGH_REPLICAS,
      knowsAbortable: apiVersion >= abortableSinceVersion,
      waitsForEnd: adds,
    });
    return refusedAppend(told, `${topic}-${partition} is not in the transaction of ${transactionalId}: error ${code}`);
  });
}
