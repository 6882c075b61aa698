import type { Cancel } from '../../base/clock.ts';
import type { KafkaError } from '../kafka-error.ts';
import type { TopicView } from './topic-view.ts';

/** What is known of topics and brokers. (Types first; the body follows.) */
export interface MetadataCache {
  /** What is known now, without asking. */
  topic(name: string): TopicView | undefined;
  /**
   * What the cluster says about topics, not older than `maxAgeMs` (default: the connection's metadata age); `fresh` asks in any
   * case. A topic's error is its own entry: KAFKA_UNKNOWN_TOPIC, KAFKA_TOPIC_AUTHORIZATION_FAILED, ... Rejects only when no
   * broker answered.
   */
  require(
    names: readonly string[],
    options?: { readonly maxAgeMs?: number; readonly fresh?: boolean },
  ): Promise<Map<string, TopicView | KafkaError>>;
  /** A hint of a broker (KIP-951): who leads a partition now and where it listens. Older epochs change nothing. */
  noteLeader(
    topic: string,
    partition: number,
    leader: number,
    leaderEpoch: number,
    endpoint?: { readonly nodeId: number; readonly host: string; readonly port: number },
  ): void;
  /** What is known may be wrong: asks again soon, from any broker; calls are joined, with back-off and jitter. */
  stale(reason: string): void;
  /** Told after each change of a topic or of the brokers. */
  onChange(listener: () => void): Cancel;
}
