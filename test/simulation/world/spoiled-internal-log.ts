import { MillraceError } from '../../../engine/base/errors.ts';
import type { Random } from '../../../engine/base/random.ts';
import { randomBelow } from '../../../engine/base/random.ts';
import type {
  AppendOutcome,
  EndToWrite,
  InternalLog,
  KeyValue,
  LoadSummary,
  StoredRecord,
  TransactionEnd,
  WritingTransaction,
} from '../../../engine/broker/coordinator/internal-log.ts';
import type { ReplicaInternalLog } from '../../../engine/broker/node/replica-internal-log.ts';
import { encodeBatch } from '../../../engine/records/record-batch.ts';

/** What is done to a coordinator's log. */
export const spoils = ['failedLoad', 'futureRecord', 'controlBatch'] as const;
export type Spoil = (typeof spoils)[number];

/** Chance of each spoil where there is occasion for it, from 0 to 1. */
export type SpoilChances = Readonly<Record<Spoil, number>>;

/** A log that nothing is done to. */
export const noSpoils: SpoilChances = { failedLoad: 0, futureRecord: 0, controlBatch: 0 };

/** A key type and a value version that no broker knows yet. */
const futureVersion = 99;
/** Records that a load which fails half way has handed over before, at most. */
const recordsBeforeFailureMax = 40;

export interface SpoiledInternalLogOptions {
  readonly inner: ReplicaInternalLog;
  readonly chances: () => SpoilChances;
  readonly random: Random;
  readonly onSpoil: (spoil: Spoil) => void;
}

/**
 * A coordinator's log on a bad day: loads fail, at once or half way; and between the coordinator's records stand some that a
 * newer broker has left, and markers of transactions.
 */
export class SpoiledInternalLog implements InternalLog {
  readonly #options: SpoiledInternalLogOptions;

  constructor(options: SpoiledInternalLogOptions) {
    this.#options = options;
  }

  partitionCount(): number | undefined {
    return this.#options.inner.partitionCount();
  }

  append(partition: number, records: readonly KeyValue[], transaction?: WritingTransaction): Promise<AppendOutcome> {
    const { inner, random } = this.#options;
    if (this.#happens('futureRecord'))
      void inner.append(
        partition,
        records.map((record) => fromTheFuture(record, random)),
      );
    if (this.#happens('controlBatch')) void inner.appendBatch(partition, marker(random));
    return inner.append(partition, records, transaction);
  }

  appendEnd(partition: number, end: EndToWrite): Promise<AppendOutcome> {
    return this.#options.inner.appendEnd(partition, end);
  }

  async load(
    partition: number,
    each: (record: StoredRecord) => void,
    ended: (end: TransactionEnd) => void,
  ): Promise<LoadSummary> {
    const { inner, random } = this.#options;
    if (!this.#happens('failedLoad')) return inner.load(partition, each, ended);
    let left = randomBelow(random, recordsBeforeFailureMax);
    const take = (record: StoredRecord): void => {
      if (left-- <= 0) throw readFailure();
      each(record);
    };
    await inner.load(partition, take, ended);
    throw readFailure();
  }

  #happens(spoil: Spoil): boolean {
    const { chances, random, onSpoil } = this.#options;
    const chance = chances()[spoil];
    if (chance === 0 || random.next() >= chance) return false;
    onSpoil(spoil);
    return true;
  }
}

function readFailure(): MillraceError {
  return new MillraceError('DISK_READ_FAILED', 'cannot read a coordinator’s log: EIO', { retriable: true });
}

/** The same record under a key type, or with a value version, that is not known; what follows the version is anything. */
function fromTheFuture({ key, value }: KeyValue, random: Random): KeyValue {
  const other = (bytes: Buffer): Buffer => {
    const changed = Buffer.concat([bytes.subarray(0, 2), Buffer.from(random.bytes(randomBelow(random, 20)))]);
    changed.writeInt16BE(futureVersion, 0);
    return changed;
  };
  return random.next() < 0.5 || !value ? { key: other(key), value } : { key, value: other(value) };
}

/** A batch that commits or aborts a transaction, as Kafka's transaction coordinator writes it to the partitions of it. */
function marker(random: Random): Buffer {
  const type = randomBelow(random, 2);
  return encodeBatch({
    records: [{ key: Buffer.from([0, 0, 0, type]), value: Buffer.from([0, 0, 0, 0, 0, 0]) }],
    baseTimestamp: 0,
    producerId: 1_000_000 + randomBelow(random, 5),
    producerEpoch: 0,
    isTransactional: true,
    isControl: true,
  });
}
