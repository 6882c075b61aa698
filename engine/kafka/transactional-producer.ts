import { MillraceError } from '../base/errors.ts';
import { settledWithin } from '../base/settled-within.ts';
import { apis } from '../protocol/api-keys.ts';
import type { KafkaConnection } from './connection.ts';
import type { OffsetToCommit } from './groups/group-offsets.ts';
import type { TopicPartition } from './groups/subscription.ts';
import { KafkaError, WireFault } from './kafka-error.ts';
import type { TransactionPhase } from './producer/transaction.ts';
import { Transaction } from './producer/transaction.ts';
import type { GroupMembership } from './producer/transaction-calls.ts';
import { TransactionCalls } from './producer/transaction-calls.ts';
import { KafkaProducer } from './producer.ts';
import type { OutgoingRecord, ProducerSettings, SendListener, SentRecord } from './producer-settings.ts';
import { ClusterClient } from './wire/cluster-client.ts';

export type { GroupMembership } from './producer/transaction-calls.ts';

/** How a transactional producer works. Names and defaults follow Kafka's producer configuration. */
export interface TransactionSettings extends Omit<ProducerSettings, 'acks' | 'idempotent'> {
  /** One for each thing that writes, kept over restarts: a new producer with the same one ends what the old one left. */
  readonly transactionalId: string;
  /** The coordinator aborts a transaction that takes longer. */
  readonly transactionTimeoutMs: number;
  /** How long a call waits for the coordinator (Kafka's max.block.ms). */
  readonly coordinatorWaitMsMax: number;
}

const transactionDefaults = { transactionTimeoutMs: 60_000, coordinatorWaitMsMax: 60_000 };
const abortWaitMsMax = 5_000;
/** Feature level from which on transactions follow version 2 of the protocol (KIP-890). */
const v2Level = 2;

/**
 * Sends records in transactions: all of one, and the offsets sent with it, become visible to readers of committed records together or
 * never. One transaction at a time: `init`, then `begin`, sends, `commit` or `abort`, again and again.
 *
 * Errors say in `details.recovery` what helps: `abort` (this transaction, then the next may go well) or `restart` (a new producer).
 */
export class TransactionalProducer {
  readonly #connection: KafkaConnection;
  readonly #settings: Partial<TransactionSettings> & typeof transactionDefaults & { readonly transactionalId: string };
  readonly #client: ClusterClient;
  readonly #transaction: Transaction;
  readonly #calls: TransactionCalls;
  readonly #producer: KafkaProducer;
  readonly #wanted = new Map<string, TopicPartition>();
  #isAdding = false;
  /** The last call to a coordinator: they go one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #isCommit = false;

  constructor(
    connection: KafkaConnection,
    settings: Partial<TransactionSettings> & Pick<TransactionSettings, 'transactionalId'>,
  ) {
    this.#connection = connection;
    this.#settings = { ...transactionDefaults, ...settings };
    this.#client = new ClusterClient(connection);
    const { transactionalId, coordinatorWaitMsMax } = this.#settings;
    this.#transaction = new Transaction(transactionalId, {
      wants: (topic, partition) => this.#want(topic, partition),
      // Later: whoever found out is in the midst of its records.
      spoiled: () => connection.host.clock.soon(() => void this.#producer.discard(this.#spoiledError())),
    });
    this.#calls = new TransactionCalls(connection, this.#client, transactionalId, coordinatorWaitMsMax);
    this.#producer = new KafkaProducer(
      connection,
      { ...settings, acks: 'all', idempotent: true },
      {
        client: this.#client,
        writers: this.#transaction,
        failed: (error) => this.#transaction.spoil(error),
        doubted: () => this.#transaction.doubted(),
      },
    );
  }

  get phase(): TransactionPhase {
    return this.#transaction.phase;
  }

  /**
   * Takes over the transactional id: an earlier producer with it is fenced, its open transaction aborted. Rejects with
   * KAFKA_UNSUPPORTED_VERSION when the cluster serves no transactions.
   */
  async init(): Promise<void> {
    const { transactionalId, transactionTimeoutMs } = this.#settings;
    this.#expect('initialize', 'new');
    await this.#guarded('initialize', async () => {
      if (!(await this.#client.served.has(apis.endTxn)))
        throw new WireFault('KAFKA_UNSUPPORTED_VERSION', 'this cluster does not serve transactions', {
          details: { transactionalId },
        });
      this.#transaction.identified(await this.#calls.initialize(transactionTimeoutMs));
    });
  }

  /** Throws when another transaction is open, spoiled or not ended yet. */
  begin(): void {
    this.#expect('begin', 'ready');
    this.#transaction.begin(this.#client.served.feature('transaction.version') >= v2Level);
  }

  /** As `KafkaProducer.send`. A record that fails spoils the transaction. */
  send(record: OutgoingRecord): Promise<SentRecord> {
    if (this.#refusal) return Promise.reject(this.#refusal);
    return this.#producer.send(record);
  }

  /** As `KafkaProducer.deliver`. */
  deliver(record: OutgoingRecord, listener: SendListener): void {
    if (this.#refusal) throw this.#refusal;
    this.#producer.deliver(record, listener);
  }

  /** As `KafkaProducer.ready`. */
  ready(): Promise<void> | undefined {
    return this.#producer.ready();
  }

  /** Commits a group's offsets with the transaction: what was read, together with what was made of it. */
  async sendOffsets(offsets: readonly OffsetToCommit[], group: GroupMembership): Promise<void> {
    this.#expect('send offsets in', 'open');
    if (offsets.length === 0) return;
    const { identity, isV2 } = this.#transaction;
    this.#transaction.offsetsAdded();
    await this.#guarded('send offsets in', () => this.#calls.commitOffsets(identity, offsets, group, isV2));
  }

  /**
   * Waits for what was sent and commits. Rejects when something of it failed: then `abort`. Whether it was committed is open when this
   * rejects with a retriable error: call it again until it is known.
   */
  async commit(): Promise<void> {
    const isAgain = this.phase === 'ending' && this.#isCommit;
    if (!isAgain) {
      this.#expect('commit', 'open');
      await this.#producer.settled();
      this.#expect('commit', 'open');
    }
    await this.#end(true);
  }

  /** Drops what was sent: no reader of committed records sees it. Call it again when it rejects with a retriable error. */
  async abort(): Promise<void> {
    const isAgain = this.phase === 'ending' && !this.#isCommit;
    if (!isAgain) this.#expect('abort', 'open', 'spoiled');
    const text = `${this.#connection.target}: transaction "${this.#settings.transactionalId}" was aborted`;
    this.#transaction.ending();
    await this.#producer.discard(new KafkaError('KAFKA_TRANSACTION_ABORTED', text));
    await this.#end(false);
  }

  /** Aborts what is open, as far as that goes within seconds, and closes the sockets. */
  async close(): Promise<void> {
    const isOpen = this.phase === 'open' || this.phase === 'spoiled';
    if (isOpen) await settledWithin(this.#connection.host.clock, abortWaitMsMax, this.abort());
    await this.#producer.close(0);
  }

  async #end(isCommit: boolean): Promise<void> {
    this.#isCommit = isCommit;
    const transaction = this.#transaction;
    const { identity, isV2, hasStarted } = transaction;
    transaction.ending();
    await this.#guarded(isCommit ? 'commit' : 'abort', async () => {
      const next = hasStarted ? await this.#calls.end(identity, isCommit, isV2) : undefined;
      if (!next && transaction.isInDoubt) {
        const { transactionTimeoutMs } = this.#settings;
        transaction.identified(await this.#calls.initialize(transactionTimeoutMs, identity));
      } else transaction.ended(next);
    });
  }

  #want(topic: string, partition: number): void {
    this.#wanted.set(`${topic}-${partition}`, { topic, partition });
    if (this.#isAdding) return;
    this.#isAdding = true;
    // All partitions of one turn go in one request.
    this.#connection.host.clock.soon(() => void this.#add());
  }

  async #add(): Promise<void> {
    const partitions = [...this.#wanted.values()];
    this.#wanted.clear();
    try {
      await this.#guarded('add partitions to', async () => {
        if (this.phase !== 'open') return;
        await this.#calls.addPartitions(this.#transaction.identity, partitions);
        for (const { topic, partition } of partitions) this.#transaction.added(topic, partition);
      });
    } catch {
      // It is spoiled or over, which every later call tells.
    } finally {
      this.#isAdding = false;
    }
    this.#producer.wake();
  }

  /** Runs after the calls before it; what fails spoils the transaction, or ends it for good. */
  #guarded<T>(verb: string, call: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(call).catch((thrown: unknown) => {
      const error = this.#connection.error(thrown, `${verb} transaction "${this.#settings.transactionalId}"`);
      if (error.details.recovery === 'restart') {
        this.#transaction.over(error);
        void this.#producer.discard(error);
      } else if (this.phase === 'ending' && error.details.recovery === 'abort') this.#transaction.refused(error);
      else this.#transaction.spoil(error);
      throw error;
    });
    this.#turn = run.catch(() => {});
    return run;
  }

  get #refusal(): MillraceError | undefined {
    return this.phase === 'open' ? undefined : this.#unfit('send in', ['open']);
  }

  #expect(verb: string, ...phases: readonly TransactionPhase[]): void {
    if (!phases.includes(this.phase)) throw this.#unfit(verb, phases);
  }

  #unfit(verb: string, phases: readonly TransactionPhase[]): MillraceError {
    if (this.phase === 'over' && this.#transaction.error instanceof MillraceError) return this.#transaction.error;
    if (this.phase === 'spoiled') return this.#spoiledError();
    const text = `${this.#connection.target}: could not ${verb} transaction "${this.#settings.transactionalId}": expected it ${phases.join(' or ')}, found it ${this.phase}`;
    return new KafkaError('KAFKA_TRANSACTION_STATE', text);
  }

  #spoiledError(): KafkaError {
    const { error: cause } = this.#transaction;
    const text = `${this.#connection.target}: transaction "${this.#settings.transactionalId}" has to be aborted: ${cause?.message}`;
    return new KafkaError('KAFKA_TRANSACTION_SPOILED', text, { cause, details: { recovery: 'abort' } });
  }
}
