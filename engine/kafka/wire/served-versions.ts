import type { Api } from '../../protocol/api-keys.ts';
import type { BrokerLink } from './broker-link.ts';
import type { MetadataCache } from './metadata-cache.ts';
import type { VersionTable } from './version-table.ts';

/** What the brokers of a cluster have announced on the sockets that stand. */
export class ServedVersions {
  readonly #links: ReadonlyMap<string, BrokerLink>;
  readonly #metadata: MetadataCache;

  constructor(links: ReadonlyMap<string, BrokerLink>, metadata: MetadataCache) {
    this.#links = links;
    this.#metadata = metadata;
  }

  /** Whether an API is served in a version that we speak. Rejects when no broker can be reached. */
  async has(api: Api): Promise<boolean> {
    if (this.#newestFirst().length === 0) await this.#metadata.require([], { fresh: true });
    return this.#newestFirst().some((versions) => versions.pick(api) !== undefined);
  }

  /** Level of a feature that the cluster has agreed on, as far as brokers have told; 0 for none. */
  feature(name: string): number {
    return this.#newestFirst()[0]?.feature(name) ?? 0;
  }

  #newestFirst(): VersionTable[] {
    const ready = [...this.#links.values()].filter(({ isReady }) => isReady);
    return ready.map(({ versions }) => versions).sort((a, b) => b.featuresEpoch - a.featuresEpoch);
  }
}
