import { KafkaAdmin } from '../kafka/admin.ts';
import { clusterSecurity } from '../kafka/cluster-security.ts';
import type { KafkaHost } from '../kafka/connection.ts';
import { KafkaConnection } from '../kafka/connection.ts';
import type { ClusterAccess } from '../spi/cluster-access.ts';

/** It is asked every few seconds: a broker that hangs should not make the questions pile up. */
const requestTimeoutMs = 3_000;

/** Asks the bundled cluster for its active controller, over a client that is kept for as long as the address stays. */
export class ControllerFinder {
  readonly #host: KafkaHost;
  #open: { readonly bootstrap: string; readonly admin: KafkaAdmin } | undefined;

  readonly #access: () => ClusterAccess | undefined;

  constructor(host: KafkaHost, access: () => ClusterAccess | undefined) {
    this.#host = host;
    this.#access = access;
  }

  /** Id of its broker; undefined when there is none now. Rejects when no broker answers. */
  async find(bootstrap: string): Promise<number | undefined> {
    if (this.#open?.bootstrap !== bootstrap) {
      await this.close();
      const settings = {
        name: 'bundled cluster',
        transport: 'websocket',
        bootstrapServers: bootstrap,
        requestTimeoutMs,
        ...clusterSecurity(this.#access()),
      } as const;
      this.#open = { bootstrap, admin: new KafkaAdmin(new KafkaConnection(settings, this.#host)) };
    }
    const { controllerId } = await this.#open.admin.describeCluster();
    return controllerId >= 0 ? controllerId : undefined;
  }

  async close(): Promise<void> {
    await this.#open?.admin.close();
    this.#open = undefined;
  }
}
