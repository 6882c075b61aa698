import { apis } from '../../protocol/api-keys.ts';
import { protocolFault } from '../kafka-error.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';
import type { Writer } from './lane.ts';

const transactionTimeoutMsUnused = 0x7fffffff;

/** The producer id under which new lanes write; asked for once, and again when it is used up. */
export class ProducerIds {
  readonly #client: ClusterClient;
  #known: Omit<Writer, 'nextSequence'> | undefined;
  #asking: Promise<void> | undefined;

  constructor(client: ClusterClient) {
    this.#client = client;
  }

  /** Numbers for a lane that begins, or undefined while the id is not known: call `ask`. */
  writer(): Writer | undefined {
    return this.#known && { ...this.#known, nextSequence: 0 };
  }

  /** Lanes that begin from now on get another id. */
  forget(): void {
    this.#known = undefined;
  }

  /** Rejects with what the broker answered. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<void> {
    const answer = await this.#client.requestAny(apis.initProducerId, {
      transactionalId: null,
      transactionTimeoutMs: transactionTimeoutMsUnused,
    });
    if (answer.errorCode !== 0) throw protocolFault(answer.errorCode);
    this.#known = { producerId: answer.producerId, epoch: answer.producerEpoch };
  }
}
