import type { AcknowledgementBatch } from './acknowledgements.ts';
import type { SharePartition } from './share-partition.ts';

/** What one request says of a topic. */
export interface ShareTopic {
  readonly topicId: string;
  readonly partitions: { readonly partitionIndex: number; readonly acknowledgementBatches: AcknowledgementBatch[] }[];
}

const openingEpoch = 0;
const closingEpoch = -1;
const epochMax = 0x7fffffff;

/**
 * The share session with one broker: it knows which partitions we read, is told what is new or gone and what became of records, by
 * fetches and acknowledgements that are counted together. One request of it is under way at a time. Pure.
 */
export class ShareSession {
  #epoch = openingEpoch;
  #told = new Map<string, SharePartition>();
  isBusy = false;
  /** The request under way says what became of records. */
  isTelling = false;

  /** Nothing may be acknowledged by the request that opens a session. */
  get isOpen(): boolean {
    return this.#epoch !== openingEpoch;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** What the next fetch says, when these are to be read. */
  fetch(partitions: readonly SharePartition[]): { readonly topics: ShareTopic[]; readonly forgotten: ShareTopic[] } {
    const before = this.#told;
    this.#told = new Map(partitions.map((each) => [each.key, each]));
    const isOpen = this.isOpen;
    const said = partitions.filter((each) => !isOpen || !before.has(each.key) || !each.acknowledgements.isEmpty);
    this.isTelling = isOpen && said.some(({ acknowledgements }) => !acknowledgements.isEmpty);
    const forgotten = isOpen ? [...before.values()].filter(({ key }) => !this.#told.has(key)) : [];
    return {
      topics: topicsOf(said, (each) => (isOpen ? each.acknowledgements.take() : [])),
      forgotten: topicsOf(forgotten, () => []),
    };
  }

  /** What the next acknowledgement says, also of partitions that are not read any more. */
  acknowledge(isRenewal: boolean, leaving: readonly SharePartition[]): ShareTopic[] {
    const all = new Set([...this.#told.values(), ...leaving]);
    this.isTelling = true;
    const said = [...all].filter(({ acknowledgements: acks }) => (isRenewal ? acks.hasRenewals : !acks.isEmpty));
    return topicsOf(said, ({ acknowledgements: acks }) => (isRenewal ? acks.takeRenewals() : acks.take()));
  }

  answered(): void {
    this.#epoch = this.#epoch === epochMax ? 1 : this.#epoch + 1;
  }

  /** The next request is the last. */
  closing(): void {
    this.#epoch = closingEpoch;
  }

  /** What the broker knows is in doubt: a new session is opened. */
  reset(): void {
    this.#epoch = openingEpoch;
    this.#told = new Map();
  }
}

function topicsOf(
  partitions: readonly SharePartition[],
  batchesOf: (partition: SharePartition) => AcknowledgementBatch[],
): ShareTopic[] {
  return [...Map.groupBy(partitions, ({ topicId }) => topicId)].map(([topicId, rows]) => ({
    topicId,
    partitions: rows.map((row) => ({ partitionIndex: row.partition, acknowledgementBatches: batchesOf(row) })),
  }));
}
