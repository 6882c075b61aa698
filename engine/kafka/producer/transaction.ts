import { assert } from '../../base/assert.ts';
import type { MillraceError } from '../../base/errors.ts';
import type { WireFault } from '../kafka-error.ts';
import type { Lane, Writer } from './lane.ts';
import type { Writers } from './writers.ts';

/**
 * `new`: not initialized. `ready`: between transactions. `open`: records are taken. `spoiled`: something of it failed, only an
 * abort helps. `ending`: the coordinator is told, and may have to be told again. `over`: another producer has the transactional id, or
 * the coordinator has given it up.
 */
export type TransactionPhase = 'new' | 'ready' | 'open' | 'spoiled' | 'ending' | 'over';

/** Under which numbers a transaction is written. */
export interface TransactionIdentity {
  readonly producerId: number;
  readonly epoch: number;
}

export interface TransactionHost {
  /** Version 1: the coordinator has to hear of this partition before it is written to. */
  wants(topic: string, partition: number): void;
  /** It has just been spoiled: what is not sent need not be. */
  spoiled(): void;
}

/** Produce 12 adds its partitions to the transaction by itself, older versions must not. */
const produceWithoutAdding = 11;

/**
 * Where the transaction of one transactional id stands; pure. All lanes write under one epoch that the coordinator gives: in version 2
 * of the protocol (KIP-890) another for each transaction, so that what is late cannot slip into the next one.
 */
export class Transaction implements Writers {
  readonly transactionalId: string;
  readonly #host: TransactionHost;
  #phase: TransactionPhase = 'new';
  #identity: TransactionIdentity = { producerId: -1, epoch: -1 };
  #isV2 = false;
  #hasStarted = false;
  #isInDoubt = false;
  #error: Error | undefined;
  readonly #added = new Set<string>();

  constructor(transactionalId: string, host: TransactionHost) {
    this.transactionalId = transactionalId;
    this.#host = host;
  }

  get phase(): TransactionPhase {
    return this.#phase;
  }

  /** Why it is spoiled or over. */
  get error(): Error | undefined {
    return this.#error;
  }

  get identity(): TransactionIdentity {
    return this.#identity;
  }

  /** Whether this transaction follows version 2 of the protocol. */
  get isV2(): boolean {
    return this.#isV2;
  }

  /** Whether the coordinator knows of it: else nothing has to be ended. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Whether something may be written that nobody counts on: the next transaction needs another epoch. */
  get isInDoubt(): boolean {
    return this.#isInDoubt;
  }

  get produceVersionMax(): number | undefined {
    return this.#isV2 ? undefined : produceWithoutAdding;
  }

  /** The coordinator has given us numbers: nothing is open. */
  identified(identity: TransactionIdentity): void {
    this.#identity = identity;
    this.#phase = 'ready';
    this.#isInDoubt = false;
  }

  begin(isV2: boolean): void {
    assert(this.#phase === 'ready', `a transaction begins while it is ${this.#phase}`);
    this.#phase = 'open';
    this.#isV2 = isV2;
    this.#hasStarted = false;
    this.#error = undefined;
    this.#added.clear();
  }

  writerOf(lane: Lane): Writer | undefined {
    if (this.#phase !== 'open') return undefined;
    if (!this.#isV2 && !this.#added.has(`${lane.topic}-${lane.partition}`)) {
      this.#host.wants(lane.topic, lane.partition);
      return undefined;
    }
    this.#hasStarted = true;
    const { producerId, epoch } = this.#identity;
    if (lane.writer?.producerId !== producerId || lane.writer.epoch !== epoch)
      lane.writer = { producerId, epoch, nextSequence: 0 };
    return lane.writer;
  }

  /** Numbers cannot start anew within a transaction: it is spoiled. */
  renew(lane: Lane, _needsId: boolean, fault?: WireFault): void {
    lane.writer = undefined;
    this.doubted();
    if (fault) this.spoil(fault);
  }

  /** Something of it may be written of which nobody knows. */
  doubted(): void {
    this.#isInDoubt = true;
  }

  added(topic: string, partition: number): void {
    this.#added.add(`${topic}-${partition}`);
    this.#hasStarted = true;
  }

  /** Offsets were sent as a part of it. */
  offsetsAdded(): void {
    this.#hasStarted = true;
  }

  spoil(error: Error): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'spoiled';
    this.#error = error;
    this.#host.spoiled();
  }

  ending(): void {
    this.#phase = 'ending';
  }

  /** Committed or aborted; with the numbers of the next one where the coordinator gives them. */
  ended(next: TransactionIdentity | undefined): void {
    this.#phase = 'ready';
    this.#error = undefined;
    if (!next) return;
    this.#identity = next;
    this.#isInDoubt = false;
  }

  /** The coordinator would not commit: only an abort helps. */
  refused(error: MillraceError): void {
    this.#phase = 'spoiled';
    this.#error = error;
  }

  over(error: MillraceError): void {
    this.#phase = 'over';
    this.#error = error;
  }
}
