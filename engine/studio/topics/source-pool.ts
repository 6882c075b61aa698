import type { KafkaConnection } from '../../kafka/connection.ts';
import { KafkaTopicSource } from './kafka-topic-source.ts';
import type { TopicSource } from './topic-source.ts';

/** Clusters that the studio keeps connections to; the one that was used longest ago goes. */
const sourcesMax = 8;

/** Keeps the clients of each cluster, so that paging through topics does not connect anew each time. */
export class SourcePool {
  readonly #sources = new Map<string, TopicSource>();

  /** The source behind a connection; one for all connections with the same settings. */
  of(connection: KafkaConnection): TopicSource {
    const key = JSON.stringify(connection.settings);
    const source = this.#sources.get(key) ?? new KafkaTopicSource(connection);
    this.#sources.delete(key);
    this.#sources.set(key, source);
    for (const [oldest, old] of this.#sources) {
      if (this.#sources.size <= sourcesMax) break;
      this.#sources.delete(oldest);
      void old.close();
    }
    return source;
  }

  async close(): Promise<void> {
    const sources = [...this.#sources.values()];
    this.#sources.clear();
    await Promise.allSettled(sources.map((source) => source.close()));
  }
}
