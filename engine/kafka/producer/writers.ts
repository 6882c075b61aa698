import type { KafkaConnection } from '../connection.ts';
import { WireFault } from '../kafka-error.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';
import type { Lane, Writer } from './lane.ts';
import { bumped } from './lane.ts';
import { ProducerIds } from './producer-ids.ts';

/** Gives lanes the numbers that they write under. */
export interface Writers {
  /** Null without transactions. */
  readonly transactionalId: string | null;
  /** Newest version of Produce to use; undefined: any. */
  readonly produceVersionMax: number | undefined;
  /** The lane's numbers; undefined while they are asked for. */
  writerOf(lane: Lane): Writer | undefined;
  /** The broker has lost count, or it is not known what it has: the lane begins anew. `needsId`: under another producer id. */
  renew(lane: Lane, needsId: boolean, fault?: WireFault): void;
}

/** What the writers of an idempotent producer tell. */
export interface WritersHost {
  /** Lanes that had no numbers may have them now. */
  known(): void;
  warn(action: string, fault: WireFault): void;
  broken(fault: WireFault): void;
}

const unnumbered: Writer = { producerId: -1, epoch: -1, nextSequence: -1 };

/** Of a producer that is not idempotent. */
export const noNumbers: Writers = {
  transactionalId: null,
  produceVersionMax: undefined,
  writerOf: () => unnumbered,
  renew: () => {},
};

/** One producer id, an epoch for each lane of its own: brokers compare epochs by partition only. */
export class IdempotentWriters implements Writers {
  readonly transactionalId = null;
  readonly produceVersionMax = undefined;
  readonly #connection: KafkaConnection;
  readonly #ids: ProducerIds;
  readonly #host: WritersHost;
  #failures = 0;
  #isAsking = false;

  constructor(connection: KafkaConnection, client: ClusterClient, host: WritersHost) {
    this.#connection = connection;
    this.#ids = new ProducerIds(client);
    this.#host = host;
  }

  writerOf(lane: Lane): Writer | undefined {
    lane.writer ??= this.#ids.writer();
    if (!lane.writer) void this.#ask();
    return lane.writer;
  }

  renew(lane: Lane, needsId: boolean): void {
    if (needsId && lane.writer) this.#ids.forget();
    lane.writer = needsId || !lane.writer ? undefined : bumped(lane.writer);
    if (!lane.writer) this.#ids.forget();
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      await this.#ids.ask();
      this.#failures = 0;
    } catch (error) {
      if (error instanceof WireFault && error.retriable) {
        this.#host.warn('get a producer id', error);
        await this.#connection.pause(++this.#failures);
      } else
        this.#host.broken(error instanceof WireFault ? error : new WireFault('KAFKA_CLIENT_FAILED', String(error)));
    } finally {
      this.#isAsking = false;
    }
    this.#host.known();
  }
}
