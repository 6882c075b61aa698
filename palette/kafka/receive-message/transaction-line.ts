import type { Clock } from '../../../engine/base/clock.ts';
import { MillraceError } from '../../../engine/base/errors.ts';
import type { OffsetToCommit } from '../../../engine/kafka/groups/group-offsets.ts';
import { KafkaError } from '../../../engine/kafka/kafka-error.ts';
import type { GroupMembership, TransactionalProducer } from '../../../engine/kafka/transactional-producer.ts';

/** What is needed of a transactional producer. */
export type Transactions = Pick<
  TransactionalProducer,
  'phase' | 'init' | 'begin' | 'deliver' | 'ready' | 'sendOffsets' | 'commit' | 'abort' | 'close'
>;

export interface TransactionLineOptions {
  readonly create: () => Transactions;
  readonly clock: Clock;
  /** Others may be told to use the same transactional id: whoever is fenced then is the one that has to go. */
  readonly isNamed: boolean;
  /** After this a coordinator gives a transaction up by itself, and fences its producer. */
  readonly transactionTimeoutMs: number;
}

const pauseMs = 200;

/** Transactions one after the other, under one transactional id: a producer that is over is replaced. */
export class TransactionLine {
  readonly #options: TransactionLineOptions;
  #producer: Transactions;
  #begunAt = 0;
  #isClosed = false;

  constructor(options: TransactionLineOptions) {
    this.#options = options;
    this.#producer = options.create();
  }

  get producer(): Transactions {
    return this.#producer;
  }

  /** Ends what an earlier producer of the same id left. Rejects where the cluster serves no transactions. */
  async start(): Promise<void> {
    await this.#producer.init();
  }

  begin(): void {
    this.#begunAt = this.#options.clock.monotonic();
    this.#producer.begin();
  }

  /** Commits what was sent together with the offsets. Rejects when it was not: then `abort`. */
  async commit(offsets: readonly OffsetToCommit[], group: GroupMembership): Promise<void> {
    const producer = this.#producer;
    await producer.sendOffsets(offsets, group);
    for (;;) {
      try {
        await producer.commit();
        return;
      } catch (error) {
        // Until it is known whether it was.
        if (producer.phase !== 'ending' || this.#isClosed) throw error;
        await this.#pause();
      }
    }
  }

  /**
   * Gives up the open transaction, until another one can begin. Rejects when none ever can: another producer took over the transactional
   * id that this one was given by name. @param cause why it is given up
   */
  async abort(cause: unknown): Promise<void> {
    let fault = cause;
    while (this.#producer.phase !== 'ready') {
      if (this.#isClosed) throw new KafkaError('KAFKA_CLOSED', 'the transactions were closed');
      try {
        if (this.#producer.phase === 'over') await this.#renew(fault);
        else if (this.#producer.phase === 'new') await this.#producer.init();
        else await this.#producer.abort();
      } catch (error) {
        if (error instanceof TakenOver) throw error.reason;
        fault = error;
        await this.#pause();
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#producer.close();
  }

  async #renew(cause: unknown): Promise<void> {
    const { create, isNamed, clock, transactionTimeoutMs } = this.#options;
    const isTimeOut = clock.monotonic() - this.#begunAt >= transactionTimeoutMs;
    const isFenced = cause instanceof MillraceError && cause.code === 'KAFKA_PRODUCER_FENCED';
    if (isNamed && isFenced && !isTimeOut) throw new TakenOver(cause);
    await this.#producer.close();
    this.#producer = create();
    await this.#producer.init();
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.after(pauseMs, resolve));
  }
}

class TakenOver extends Error {
  readonly reason: MillraceError;

  constructor(reason: MillraceError) {
    super(reason.message);
    this.reason = reason;
  }
}
