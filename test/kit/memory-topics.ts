import { MillraceError } from '../../engine/base/errors.ts';
import type { TopicSummary } from '../../engine/studio/contract.ts';
import type {
  MessageToProduce,
  RawMessage,
  TopicSource,
  TopicToCreate,
} from '../../engine/studio/topics/topic-source.ts';

type Entry = Omit<RawMessage, 'partition' | 'offset'> | null;

/** Topics in memory, for tests of the studio. A null entry is an offset without a message (compacted, a control record). */
export class MemoryTopics implements TopicSource {
  readonly topics = new Map<string, Entry[][]>();
  /** Offsets handed to readers so far: what a page cost. */
  offsetsRead = 0;
  openReaders = 0;
  /** What every partition fails with at its position; undefined: none does. */
  damage: MillraceError | undefined;
  readonly #readers = new Set<() => void>();

  add(topic: string, partition: number, text: string | null, timestampMs: number): number {
    const log = this.#partitions(topic)[partition];
    if (!log) throw new Error(`no partition ${partition}`);
    log.push(
      text === null
        ? null
        : { timestampMs, key: Buffer.from(`key-${log.length}`), value: Buffer.from(text), headers: [] },
    );
    for (const notify of this.#readers) notify();
    return log.length - 1;
  }

  async list(): Promise<TopicSummary[]> {
    return [...this.topics].map(([name, partitions]) => ({
      name,
      id: null,
      isInternal: name.startsWith('__'),
      partitions: partitions.map((log, partition) => ({
        partition,
        leader: 1,
        replicas: [1],
        isr: [1],
        startOffset: 0,
        endOffset: log.length,
      })),
      messageCount: partitions.reduce((sum, log) => sum + log.length, 0),
      sizeBytes: null,
    }));
  }

  async create({ name, partitions }: TopicToCreate): Promise<void> {
    if (this.topics.has(name)) throw new MillraceError('KAFKA_TOPIC_ALREADY_EXISTS', `topic "${name}" exists already`);
    this.topics.set(
      name,
      Array.from({ length: partitions }, () => []),
    );
  }

  async delete(name: string): Promise<void> {
    this.#partitions(name);
    this.topics.delete(name);
  }

  async bounds(topic: string, partition?: number) {
    return this.#partitions(topic)
      .map((log, index) => ({ partition: index, start: 0, end: log.length }))
      .filter((each) => partition === undefined || each.partition === partition);
  }

  async offsetsAtTime(topic: string, timestampMs: number, partition?: number) {
    const logs = this.#partitions(topic);
    return (await this.bounds(topic, partition)).map((each) => {
      const found = logs[each.partition]!.findIndex((entry) => entry !== null && entry.timestampMs >= timestampMs);
      return { ...each, start: found < 0 ? each.end : found };
    });
  }

  readFrom(topic: string, offsets: readonly { partition: number; offset: number }[], onRecords: () => void) {
    const logs = this.#partitions(topic);
    const positions = new Map(offsets.map(({ partition, offset }) => [partition, offset]));
    const notify = () => queueMicrotask(onRecords);
    this.#readers.add(notify);
    this.openReaders++;
    notify();
    return {
      next: (): RawMessage | undefined => {
        if (this.damage) return undefined;
        for (const [partition, from] of positions) {
          for (let offset = from; offset < (logs[partition]?.length ?? 0); offset++) {
            positions.set(partition, offset + 1);
            this.offsetsRead++;
            const entry = logs[partition]![offset];
            if (entry) return { ...entry, partition, offset };
          }
        }
        return undefined;
      },
      failure: () => this.damage,
      position: (partition: number) => positions.get(partition) ?? 0,
      close: async () => {
        if (this.#readers.delete(notify)) this.openReaders--;
      },
    };
  }

  async produce({ topic, partition = 0, value }: MessageToProduce) {
    return { partition, offset: this.add(topic, partition, value ?? '', 0) };
  }

  async close(): Promise<void> {}

  #partitions(topic: string): Entry[][] {
    const found = this.topics.get(topic);
    if (!found) throw new MillraceError('KAFKA_UNKNOWN_TOPIC', `topic "${topic}" does not exist`);
    return found;
  }
}
