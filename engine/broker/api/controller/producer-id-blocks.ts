import { apis } from '../../../protocol/api-keys.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { ControllerGateway } from './controller-gateway.ts';

/** How long one request for a block may take, in ms. */
const blockTimeoutMs = 5_000;

export interface ProducerIdBlocksOptions {
  readonly brokerId: number;
  /** This broker's registration epoch. */
  readonly brokerEpoch: () => number;
  readonly controller: ControllerGateway;
}

/** Hands out producer ids, unique in the cluster: the controller gives this broker a block of them at a time (KIP-730). */
export class ProducerIdBlocks {
  readonly #options: ProducerIdBlocksOptions;
  #next = 0;
  #end = 0;
  #filling: Promise<boolean> | undefined;

  constructor(options: ProducerIdBlocksOptions) {
    this.#options = options;
  }

  /** An id never given out before; undefined when the controller gave no block in time (a retry may help). */
  async next(): Promise<number | undefined> {
    while (this.#next >= this.#end) {
      this.#filling ??= this.#fill();
      if (!(await this.#filling)) return undefined;
    }
    return this.#next++;
  }

  async #fill(): Promise<boolean> {
    const { brokerId, brokerEpoch, controller } = this.#options;
    try {
      const request = { brokerId, brokerEpoch: brokerEpoch() };
      const block = await controller.submit(apis.allocateProducerIds, request, { timeoutMs: blockTimeoutMs });
      if (block.errorCode !== errorCode.NONE || block.producerIdLen < 1) return false;
      this.#next = block.producerIdStart;
      this.#end = block.producerIdStart + block.producerIdLen;
      return true;
    } catch {
      return false;
    } finally {
      this.#filling = undefined;
    }
  }
}
