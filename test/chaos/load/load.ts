import type { Random } from '../../../engine/base/random.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';

/** What a load works with. */
export interface LoadGround {
  readonly connection: KafkaConnection;
  readonly random: Random;
  /** True once the faults are over and nothing new may be begun. */
  readonly isEnding: () => boolean;
  /** Something that must never happen, found while it runs. */
  readonly found: (what: string) => void;
}

/** Something that is written and read while brokers fail, and that can tell at the end whether all of it is right. */
export interface Load {
  readonly name: string;
  /** Makes its topics and begins. */
  start(): Promise<void>;
  /** All brokers are there again: finishes what is under way. Rejects when that does not come to an end. */
  finish(): Promise<void>;
  /** Reads everything from the start; what is wrong goes to `found`. The answer is one line of counts. */
  judge(): Promise<string>;
}
