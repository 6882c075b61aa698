import type { Cancel, Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { asCoordinatorError } from './coordinator-errors.ts';
import { coordinatorPartition } from './coordinator-partition.ts';
import type { AppendOutcome, EndToWrite, InternalLog, WritingTransaction } from './internal-log.ts';
import type { LoadCounts } from './load-counts.ts';
import { noLoads } from './load-counts.ts';
import type { Loaded } from './load-shard.ts';
import { loadShard } from './load-shard.ts';
import type { Shard, ShardPhase } from './shard.ts';
import { refusalOf } from './shard.ts';
import type { StateMachine } from './state-machine.ts';
import { UnreadableRecordError } from './unreadable-record-error.ts';
import { WritesUnderWay } from './writes-under-way.ts';

/** First wait before a failed load is tried again, in ms; doubles with every failure in a row up to the bound. */
const loadRetryMsMin = 100;
const loadRetryMsMax = 10_000;

export interface CoordinatorRuntimeOptions<State, Rec extends { readonly kind: string }> {
  readonly clock: Clock;
  readonly log: Log;
  readonly internalLog: InternalLog;
  readonly machine: StateMachine<State, Rec>;
  /** A shard is served from now on. */
  readonly onActive: (shard: Shard<State>) => void | Promise<void>;
  /** A shard that was served is no longer: whoever waits on it is to be sent away. */
  readonly onResigned: (shard: Shard<State>) => void;
}

/**
 * Runs a state machine on the partitions of an internal topic that this broker leads: reads them back when it is elected, writes
 * what was planned, applies what was committed, lets go when another broker leads. See SPEC.md.
 */
export class CoordinatorRuntime<State, Rec extends { readonly kind: string }> {
  /** What the loads came across. */
  readonly counts: LoadCounts = noLoads();
  readonly #options: CoordinatorRuntimeOptions<State, Rec>;
  readonly #shards = new Map<number, Shard<State>>();
  /** Ends the wait for the next try of a load, by partition. */
  readonly #retries = new Map<number, Cancel>();
  #isStopped = false;

  constructor(options: CoordinatorRuntimeOptions<State, Rec>) {
    this.#options = options;
  }

  /**
   * This broker leads the partition in this epoch. Resolves when the first try of its load has ended, well or not. One that is
   * served or being loaded goes on with what it has: this broker led all the while, so that nobody else has written.
   */
  async elected(partition: number, leaderEpoch: number): Promise<void> {
    if (this.#isStopped) return;
    const known = this.#shards.get(partition);
    if (known && known.phase !== 'failed') {
      known.leaderEpoch = Math.max(known.leaderEpoch, leaderEpoch);
      return;
    }
    const shard: Shard<State> = {
      partition,
      leaderEpoch,
      phase: 'loading',
      writes: new WritesUnderWay(),
      state: this.#options.machine.create(),
    };
    this.#shards.set(partition, shard);
    await this.#load(shard, loadRetryMsMin);
  }

  /** Another broker leads the partition, or it is no longer here. */
  resigned(partition: number): void {
    this.#retries.get(partition)?.();
    this.#retries.delete(partition);
    const shard = this.#shards.get(partition);
    if (!shard) return;
    this.#shards.delete(partition);
    const wasActive = shard.phase === 'active';
    shard.phase = 'resigned';
    if (wasActive) this.#options.onResigned(shard);
  }

  /** Lets every partition go: the broker stops. */
  stop(): void {
    this.#isStopped = true;
    for (const partition of [...this.#shards.keys()]) this.resigned(partition);
  }

  /** The shard that holds an id, or what to answer when it is not served here. */
  shardOf(id: string): Shard<State> | ErrorCode {
    const count = this.#options.internalLog.partitionCount();
    const shard = count === undefined ? undefined : this.#shards.get(coordinatorPartition(id, count));
    return shard?.phase === 'active' ? shard : (refusalOf(shard?.phase) ?? errorCode.NOT_COORDINATOR);
  }

  /** Every shard that is served. */
  *active(): Iterable<Shard<State>> {
    for (const shard of this.#shards.values()) if (shard.phase === 'active') yield shard;
  }

  /** How many shards stand in this phase. */
  countIn(phase: ShardPhase): number {
    let count = 0;
    for (const shard of this.#shards.values()) if (shard.phase === phase) count++;
    return count;
  }

  /**
   * Appends what was planned and, once all in-sync replicas have it, applies it. Resolves with NONE after that, or with why it
   * failed, in the words of a coordinator: the state is then what it was.
   * @param transaction that the records belong to: they are held until it ends
   */
  async write(shard: Shard<State>, records: readonly Rec[], transaction?: WritingTransaction): Promise<ErrorCode> {
    const { internalLog, machine } = this.#options;
    const append = (partition: number): Promise<AppendOutcome> => {
      const encoded = records.map((record) => machine.encode(record));
      return internalLog.append(partition, encoded, transaction);
    };
    const code = await this.#append(shard, append, (baseOffset) => {
      let offset = baseOffset;
      for (const record of records)
        if (transaction) machine.transactions?.hold(shard.state, record, offset++, transaction.producerId);
        else machine.apply(shard.state, record, offset++);
    });
    return code === errorCode.NONE ? code : asCoordinatorError(code);
  }

  /**
   * Writes the end of a transaction to a partition, and applies or forgets what was written in it. Resolves with the log's own
   * error code: who asks for it is another coordinator, which looks for the partition's leader.
   */
  async writeEnd(partition: number, end: EndToWrite): Promise<ErrorCode> {
    const { internalLog, machine } = this.#options;
    const shard = this.#shards.get(partition);
    if (!shard || !isActive(shard)) return errorCode.NOT_LEADER_OR_FOLLOWER;
    return this.#append(
      shard,
      () => internalLog.appendEnd(partition, end),
      () => machine.transactions?.end(shard.state, end),
    );
  }

  async #append(
    shard: Shard<State>,
    append: (partition: number) => Promise<AppendOutcome>,
    apply: (baseOffset: number) => void,
  ): Promise<ErrorCode> {
    if (!isActive(shard)) return errorCode.NOT_COORDINATOR;
    const number = shard.writes.begin();
    try {
      const { errorCode: code, baseOffset } = await append(shard.partition);
      // A resigned shard is nobody's state any more; the write counts all the same, at the next coordinator.
      if (code === errorCode.NONE && isActive(shard)) apply(baseOffset);
      return code;
    } finally {
      shard.writes.end(number);
    }
  }

  async #load(shard: Shard<State>, retryMs: number): Promise<void> {
    const { internalLog, machine, log, clock } = this.#options;
    const startMs = clock.monotonic();
    try {
      const loaded = await loadShard(internalLog, shard.partition, machine);
      if (shard.phase !== 'loading') return;
      this.#noteLoaded(shard, loaded, clock.monotonic() - startMs);
    } catch (error) {
      if (shard.phase === 'loading') this.#loadFailed(shard, error, retryMs);
      return;
    }
    try {
      await this.#options.onActive(shard);
    } catch (error) {
      log.error('a coordinator failed at a partition that it has just loaded', {
        partition: shard.partition,
        error: messageOf(error),
      });
    }
  }

  #noteLoaded(shard: Shard<State>, { state, counts, unknownVersions }: Loaded<State>, tookMs: number): void {
    shard.state = state;
    shard.phase = 'active';
    this.counts.unknownKeys += counts.unknownKeys;
    this.counts.unknownValues += counts.unknownValues;
    this.counts.controlBatches += counts.controlBatches;
    const { partition, leaderEpoch } = shard;
    this.#options.log.info('loaded a coordinator’s partition', { partition, leaderEpoch, ms: Math.round(tookMs) });
    const { unknownKeys, unknownValues, controlBatches } = counts;
    if (unknownKeys + unknownValues + controlBatches === 0) return;
    this.#options.log.warn('passed over records that this version does not know', {
      partition,
      unknownKeys,
      unknownValues,
      controlBatches,
      versions: [...unknownVersions],
    });
  }

  /** A record that cannot be read will be no better at the next try; all else may have passed by then. */
  #loadFailed(shard: Shard<State>, error: unknown, retryMs: number): void {
    const { log, clock } = this.#options;
    const { partition, leaderEpoch } = shard;
    const failure = { partition, leaderEpoch, error: messageOf(error) };
    if (error instanceof UnreadableRecordError) {
      this.counts.unreadable++;
      shard.phase = 'failed';
      log.error(
        'a coordinator’s partition holds a record that cannot be read, and is not served in this epoch',
        failure,
      );
      return;
    }
    this.counts.failures++;
    log.warn('could not load a coordinator’s partition, will try again', { ...failure, retryMs });
    const cancel = clock.after(retryMs, () => {
      this.#retries.delete(partition);
      void this.#load(shard, Math.min(retryMs * 2, loadRetryMsMax));
    });
    this.#retries.set(partition, cancel);
  }
}

/** Whether the shard still is: it may have resigned while something was waited for. */
function isActive({ phase }: Shard<unknown>): boolean {
  return phase === 'active';
}
