import type { Cancel, Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { settledWithin } from '../../base/settled-within.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { Deadlines } from '../coordinator/deadlines.ts';
import type { InternalLog } from '../coordinator/internal-log.ts';
import type { LoadCounts } from '../coordinator/load-counts.ts';
import { CoordinatorRuntime } from '../coordinator/runtime.ts';
import type { Shard, ShardPhase } from '../coordinator/shard.ts';
import type { Delivery, Ending } from './markers/marker-delivery.ts';
import { planAddPartitions, verify } from './plans/add-partitions.ts';
import { completed, producerAfter } from './plans/complete.ts';
import type { EndCommand } from './plans/end.ts';
import { endNeedsProducerId, planEnd } from './plans/end.ts';
import { fenced } from './plans/fence.ts';
import type { InitCommand } from './plans/init-producer.ts';
import { needsProducerId, planInit } from './plans/init-producer.ts';
import type { TransactionPlan } from './plans/plan.ts';
import type { PartitionsByTopic, ProducerClaim, Transaction } from './transaction.ts';
import { isAtRest, isEnding } from './transaction.ts';
import type { TransactionShard } from './transaction-machine.ts';
import { transactionMachine } from './transaction-machine.ts';
import type { TransactionRecord } from './transaction-records.ts';

/** Longest wait for a write before its client is told to try again, in ms; it counts all the same once it is committed. */
const writeWaitMsMax = 5_000;
/** How long partitions that join wait for the end of the transaction before, or for others that join, in ms. */
const joinWaitMsMax = 100;
/** Wait before the last state of a transaction is written again after it could not be, in ms. */
const completeRetryMs = 500;

export interface TransactionLimits {
  /** `transaction.max.timeout.ms`. */
  readonly timeoutMsMax: number;
  /** `transactional.id.expiration.ms`: an id without a transaction is forgotten after this. */
  readonly idExpirationMs: number;
  /** How often it is looked for such ids, in ms. */
  readonly expirationCheckMs: number;
}

export interface TransactionCoordinatorOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: TransactionLimits;
  readonly stateLog: InternalLog;
  /** A producer id that was never given out; undefined when the controller gives none at present. */
  readonly nextProducerId: () => Promise<number | undefined>;
  /** Whether this broker has heard of the quorum of late: one that was cut off may not coordinate any more what it thinks it does. */
  readonly isInTouch: () => boolean;
  /** Brings an end to all partitions of its transaction (`MarkerDelivery.deliver`). */
  readonly deliver: (ending: Ending, partitions: PartitionsByTopic, isWanted: () => boolean) => Promise<Delivery>;
}

/** The answer to InitProducerId and EndTxn: the producer as it is from now on. */
export interface ProducerAnswer {
  readonly errorCode: ErrorCode;
  readonly producerId: number;
  readonly producerEpoch: number;
}

interface Place {
  readonly shard: Shard<TransactionShard>;
  readonly id: string;
}

/**
 * The transactions of the partitions of `__transaction_state` that this broker leads. Plans decide by what is stored of a
 * transactional id; this class carries them out: writes, answers, has the markers delivered, keeps the timeouts. See SPEC.md.
 */
export class TransactionCoordinator {
  readonly #options: TransactionCoordinatorOptions;
  readonly #runtime: CoordinatorRuntime<TransactionShard, TransactionRecord>;
  readonly #deadlines = new Map<Shard<TransactionShard>, Deadlines<string>>();
  /** Who waits for the end of a write, by transactional id. */
  readonly #awaitingWrite = new Map<string, Set<() => void>>();
  #cancelExpiry: Cancel = () => {};

  constructor(options: TransactionCoordinatorOptions) {
    this.#options = options;
    const { clock, log, stateLog } = options;
    this.#runtime = new CoordinatorRuntime({
      clock,
      log,
      internalLog: stateLog,
      machine: transactionMachine,
      onActive: (shard) => this.#opened(shard),
      onResigned: (shard) => this.#closed(shard),
    });
  }

  /** Begins to look for ids that expire. */
  start(): void {
    this.#cancelExpiry = this.#options.clock.after(this.#options.limits.expirationCheckMs, () => {
      for (const shard of this.#runtime.active()) void this.#expire(shard);
      this.start();
    });
  }

  /** This broker leads the partition now: what was decided and not finished goes on when it is read back. */
  elected(partition: number, leaderEpoch: number): Promise<void> {
    return this.#runtime.elected(partition, leaderEpoch);
  }

  resigned(partition: number): void {
    this.#runtime.resigned(partition);
  }

  stop(): void {
    this.#cancelExpiry();
    this.#runtime.stop();
  }

  get loadCounts(): Readonly<LoadCounts> {
    return this.#runtime.counts;
  }

  partitionsIn(phase: ShardPhase): number {
    return this.#runtime.countIn(phase);
  }

  /** InitProducerId with a transactional id. Whoever had it is fenced; CONCURRENT_TRANSACTIONS while an old transaction is being ended. */
  async initProducer(command: InitCommand): Promise<ProducerAnswer> {
    const { timeoutMs, transactionalId } = command;
    if (timeoutMs <= 0 || timeoutMs > this.#options.limits.timeoutMsMax)
      return failed(errorCode.INVALID_TRANSACTION_TIMEOUT);
    const newProducerId = await this.#producerIdFor(transactionalId, (known) => needsProducerId(known));
    if (typeof newProducerId !== 'number') return failed(newProducerId.code);
    return this.#perform(transactionalId, (known, nowMs) => planInit(known, command, { nowMs, newProducerId }));
  }

  /** AddPartitionsToTxn of a client, and AddOffsetsToTxn with the partition of the group's offsets. */
  async addPartitions(
    transactionalId: string,
    claim: ProducerClaim,
    partitions: PartitionsByTopic,
    clientVersion: number,
  ): Promise<ErrorCode> {
    const { clock } = this.#options;
    const deadlineMs = clock.monotonic() + joinWaitMsMax;
    for (;;) {
      const answered = await this.#perform(transactionalId, (known, nowMs) =>
        planAddPartitions(known, claim, { partitions, clientVersion, nowMs }),
      );
      const leftMs = deadlineMs - clock.monotonic();
      if (answered.errorCode !== errorCode.CONCURRENT_TRANSACTIONS || leftMs <= 0) return answered.errorCode;
      await this.#untilWritten(transactionalId, leftMs);
    }
  }

  /** Whether a partition is in a producer's open transaction (AddPartitionsToTxn, `verifyOnly`). */
  verify(transactionalId: string, claim: ProducerClaim, topic: string, partition: number): ErrorCode {
    const place = this.#placeOf(transactionalId);
    if (typeof place === 'number') return place;
    return verify(storedAt(place), claim, topic, partition);
  }

  /** EndTxn. Answered when the decision is on all in-sync replicas; the markers follow. */
  async end(transactionalId: string, command: EndCommand): Promise<ProducerAnswer> {
    const newProducerId = await this.#producerIdFor(transactionalId, (known) => endNeedsProducerId(known, command));
    if (typeof newProducerId !== 'number') return failed(newProducerId.code);
    return this.#perform(transactionalId, (known, nowMs) => planEnd(known, command, { nowMs, newProducerId }));
  }

  /** What is known of an id, undefined when nothing, or why it cannot be had. */
  describe(transactionalId: string): Transaction | ErrorCode | undefined {
    const place = this.#placeOf(transactionalId);
    return typeof place === 'number' ? place : storedAt(place);
  }

  /** Every transactional id of this broker. */
  list(): { readonly errorCode: ErrorCode; readonly transactions: readonly Transaction[] } {
    if (this.#runtime.countIn('loading') > 0)
      return { errorCode: errorCode.COORDINATOR_LOAD_IN_PROGRESS, transactions: [] };
    const transactions = [...this.#runtime.active()].flatMap(({ state }) => [...state.stored.values()]);
    return { errorCode: errorCode.NONE, transactions };
  }

  #placeOf(id: string): Place | ErrorCode {
    if (id === '') return errorCode.INVALID_REQUEST;
    if (!this.#options.isInTouch()) return errorCode.NOT_COORDINATOR;
    const shard = this.#runtime.shardOf(id);
    return typeof shard === 'number' ? shard : { shard, id };
  }

  /** A new producer id if the plan will need one, else -1. It is asked for before the plan is made, as that takes no time. */
  async #producerIdFor(
    id: string,
    isNeeded: (known: Transaction | undefined) => boolean,
  ): Promise<number | { readonly code: ErrorCode }> {
    const place = this.#placeOf(id);
    if (typeof place === 'number') return { code: place };
    if (!isNeeded(storedAt(place))) return -1;
    return (await this.#options.nextProducerId()) ?? { code: errorCode.COORDINATOR_LOAD_IN_PROGRESS };
  }

  /** Plans on what is committed, one command of an id at a time, and carries the plan out. */
  async #perform(
    id: string,
    plan: (known: Transaction | undefined, nowMs: number) => TransactionPlan,
  ): Promise<ProducerAnswer> {
    const place = this.#placeOf(id);
    if (typeof place === 'number') return failed(place);
    if (place.shard.state.pending.has(id)) return failed(errorCode.CONCURRENT_TRANSACTIONS);
    const known = storedAt(place);
    const planned = plan(known, this.#options.clock.now());
    if (planned.kind === 'answer') return answered(planned.code, known);
    const writing = this.#write(place, planned.next);
    if (!(await settledWithin(this.#options.clock, writeWaitMsMax, writing)))
      return failed(errorCode.COORDINATOR_NOT_AVAILABLE);
    const code = await writing;
    if (code !== errorCode.NONE) return failed(code);
    return planned.kind === 'fence' ? failed(errorCode.CONCURRENT_TRANSACTIONS) : answered(code, planned.next);
  }

  /** Writes the next state of an id. What follows from it is begun when it is committed. */
  async #write({ shard, id }: Place, next: Transaction | null): Promise<ErrorCode> {
    const { pending } = shard.state;
    pending.add(id);
    let code: ErrorCode;
    try {
      code = await this.#runtime.write(shard, [{ kind: 'transaction', transactionalId: id, transaction: next }]);
    } finally {
      pending.delete(id);
    }
    if (code === errorCode.NONE && shard.phase === 'active') this.#stands({ shard, id });
    for (const wake of this.#awaitingWrite.get(id) ?? []) wake();
    return code;
  }

  /** Waits until a write of an id has come to its end, but no longer than `waitMsMax`. */
  #untilWritten(id: string, waitMsMax: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#awaitingWrite.get(id) ?? new Set();
      this.#awaitingWrite.set(id, waiting);
      const wake = (): void => {
        cancel();
        waiting.delete(wake);
        if (waiting.size === 0 && this.#awaitingWrite.get(id) === waiting) this.#awaitingWrite.delete(id);
        resolve();
      };
      const cancel = this.#options.clock.after(waitMsMax, wake);
      waiting.add(wake);
    });
  }

  /** What a stored state asks for: a deadline, or its end. */
  #stands(place: Place): void {
    const { shard, id } = place;
    const known = storedAt(place);
    const deadlines = this.#deadlines.get(shard);
    deadlines?.clear(id);
    if (known?.phase === 'Ongoing') {
      const { clock } = this.#options;
      deadlines?.set(id, clock.monotonic() + Math.max(0, known.startMs + known.timeoutMs - clock.now()));
    } else if (known && isEnding(known)) {
      this.#finish(place, known).catch((error: unknown) => {
        this.#options.log.error('cannot end a transaction', { transactionalId: id, error: messageOf(error) });
      });
    }
  }

  /** Has the markers of a decided transaction delivered, and writes that it is over. */
  async #finish(place: Place, known: Transaction): Promise<void> {
    const { shard } = place;
    const isWanted = () => shard.phase === 'active' && storedAt(place) === known;
    const ending: Ending = {
      producerId: known.producerId,
      producerEpoch: known.producerEpoch,
      isAbort: known.phase === 'PrepareAbort',
      coordinatorEpoch: shard.leaderEpoch,
      transactionVersion: known.clientVersion,
    };
    if ((await this.#options.deliver(ending, known.partitions, isWanted)) !== 'delivered') return;
    await this.#complete(place, known, isWanted);
  }

  async #complete(place: Place, known: Transaction, isWanted: () => boolean): Promise<void> {
    if (!isWanted()) return;
    const code = await this.#write(place, completed(known, this.#options.clock.now()));
    if (code === errorCode.NONE || !isWanted()) return;
    this.#options.clock.after(completeRetryMs, () => void this.#complete(place, known, isWanted));
  }

  #opened(shard: Shard<TransactionShard>): void {
    this.#deadlines.set(shard, new Deadlines(this.#options.clock, (id) => this.#timedOut({ shard, id })));
    for (const id of shard.state.stored.keys()) this.#stands({ shard, id });
  }

  #closed(shard: Shard<TransactionShard>): void {
    this.#deadlines.get(shard)?.clearAll();
    this.#deadlines.delete(shard);
  }

  /** The producer took too long: its transaction is aborted, and it is fenced. */
  #timedOut(place: Place): void {
    const { shard, id } = place;
    const known = storedAt(place);
    if (known?.phase !== 'Ongoing') return;
    const { clock, log } = this.#options;
    const nowMs = clock.now();
    const isDue = known.startMs + known.timeoutMs <= nowMs;
    if (!isDue || shard.state.pending.has(id)) {
      this.#deadlines.get(shard)?.set(id, clock.monotonic() + completeRetryMs);
      return;
    }
    log.info('aborts a transaction whose time is up', { transactionalId: id, timeoutMs: known.timeoutMs });
    void this.#write(place, fenced(known, nowMs)).then((code) => {
      if (code !== errorCode.NONE && shard.phase === 'active')
        this.#deadlines.get(shard)?.set(id, clock.monotonic() + completeRetryMs);
    });
  }

  async #expire(shard: Shard<TransactionShard>): Promise<void> {
    const before = this.#options.clock.now() - this.#options.limits.idExpirationMs;
    for (const [id, known] of [...shard.state.stored]) {
      if (!isAtRest(known) || known.lastUpdateMs > before || shard.state.pending.has(id)) continue;
      if ((await this.#write({ shard, id }, null)) !== errorCode.NONE) return;
    }
  }
}

function storedAt({ shard, id }: Place): Transaction | undefined {
  return shard.state.stored.get(id);
}

function failed(code: ErrorCode): ProducerAnswer {
  return { errorCode: code, producerId: -1, producerEpoch: -1 };
}

function answered(code: ErrorCode, transaction: Transaction | undefined): ProducerAnswer {
  if (code !== errorCode.NONE || !transaction) return failed(code);
  return { errorCode: code, ...producerAfter(transaction) };
}
