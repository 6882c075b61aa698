import { errorCode } from '../../../protocol/error-codes.ts';
import type { BatchProducer } from '../../log/producers/batch-producer.ts';
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

type Services = Pick<BrokerServices, 'replicas' | 'transactionEntry'>;

/** An append that is in the log, or refused; what it waits for then is its replicas, and no other append waits with it. */
interface Placed {
  readonly reply: AppendReply | Promise<AppendReply>;
}

/**
 * Appends what a producer sent in its transaction, once the partition is known to be in that and all that it sent to the partition before
 * is appended; other batches at once.
 */
export function appendInTransaction(
  services: Services,
  append: TransactionalAppend,
): AppendReply | Promise<AppendReply> {
  const { topic, partition, records, acks, timeoutMs } = append;
  const producer = transactionalProducerOf(records);
  if (!producer) return services.replicas.append(topic, partition, records, acks, timeoutMs);
  const key = `${producer.producerId}/${topic}/${partition}`;
  const placed = services.transactionEntry.order.run(key, () => place(services, append, producer));
  return placed instanceof Promise ? placed.then(({ reply }) => reply) : placed.reply;
}

function place(services: Services, append: TransactionalAppend, producer: BatchProducer): Placed | Promise<Placed> {
  const { transactionalId, apiVersion, topic, partition, records, acks, timeoutMs } = append;
  const { replicas } = services;
  const adds = apiVersion >= addsSinceVersion;
  const entered = enterTransaction(services, { topic, partition, ...producer, transactionalId, adds });
  if (!(entered instanceof Promise))
    return { reply: replicas.append(topic, partition, records, acks, timeoutMs, entered.verification) };
  return entered.then(({ code, verification }) => {
    if (code === errorCode.NONE)
      return { reply: replicas.append(topic, partition, records, acks, timeoutMs, verification) };
    const told = entryError(code, {
      passing: errorCode.NOT_ENOUGH_REPLICAS,
      knowsAbortable: apiVersion >= abortableSinceVersion,
      waitsForEnd: adds,
    });
    const message = `${topic}-${partition} is not in the transaction of ${transactionalId}: error ${code}`;
    return { reply: refusedAppend(told, message) };
  });
}
