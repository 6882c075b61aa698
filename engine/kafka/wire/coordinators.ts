import { apis } from '../../protocol/api-keys.ts';
import type { KafkaConnection } from '../connection.ts';
import { protocolFault, WireFault } from '../kafka-error.ts';
import type { ClusterClient } from './cluster-client.ts';

export type CoordinatorKind = 'group' | 'transaction';

const keyTypes: Readonly<Record<CoordinatorKind, number>> = { group: 0, transaction: 1 };

/** Which broker coordinates which group or transactional id. Found once, until it is said to be wrong. */
export class Coordinators {
  readonly #client: ClusterClient;
  readonly #connection: KafkaConnection;
  readonly #known = new Map<string, Promise<number>>();

  constructor(client: ClusterClient, connection: KafkaConnection) {
    this.#client = client;
    this.#connection = connection;
  }

  find(kind: CoordinatorKind, key: string, waitMsMax: number): Promise<number> {
    const name = `${kind}/${key}`;
    let found = this.#known.get(name);
    if (!found) {
      found = this.#ask(kind, key, waitMsMax);
      this.#known.set(name, found);
      const asked = found;
      asked.catch(() => {
        if (this.#known.get(name) === asked) this.#known.delete(name);
      });
    }
    return found;
  }

  forget(kind: CoordinatorKind, key: string): void {
    this.#known.delete(`${kind}/${key}`);
  }

  /** A cluster that has just started, or a coordinator that moves, has none for a while: asked again until the time is up. */
  async #ask(kind: CoordinatorKind, key: string, waitMsMax: number): Promise<number> {
    const { clock } = this.#connection.host;
    const until = clock.monotonic() + waitMsMax;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#askOnce(kind, key);
      } catch (error) {
        if (!(error instanceof WireFault) || !error.retriable || clock.monotonic() >= until) throw error;
        await this.#connection.pause(attempt);
      }
    }
  }

  async #askOnce(kind: CoordinatorKind, key: string): Promise<number> {
    const keyType = keyTypes[kind];
    const answer = await this.#client.requestAny(apis.findCoordinator, { key, keyType, coordinatorKeys: [key] });
    // Before version 4 the one coordinator stands in the answer itself.
    const { errorCode, errorMessage, nodeId, host, port } = answer.coordinators[0] ?? answer;
    if (errorCode !== 0) throw protocolFault(errorCode, errorMessage);
    this.#client.metadata.noteBroker(nodeId, { host, port });
    return nodeId;
  }
}
