import type { Api } from '../../protocol/api-keys.ts';

/** Versions of each API that one broker announced, and the features of its cluster (KIP-584). */
export class VersionTable {
  /** Newer ones are larger; -1 where the broker tells of no features (before Kafka 2.7). */
  readonly featuresEpoch: number;
  readonly #ranges = new Map<number, { readonly min: number; readonly max: number }>();
  readonly #features = new Map<string, number>();

  constructor(
    keys: readonly { readonly apiKey: number; readonly minVersion: number; readonly maxVersion: number }[],
    features: readonly { readonly name: string; readonly maxVersionLevel: number }[] = [],
    featuresEpoch = -1,
  ) {
    for (const { apiKey, minVersion, maxVersion } of keys)
      this.#ranges.set(apiKey, { min: minVersion, max: maxVersion });
    for (const { name, maxVersionLevel } of features) this.#features.set(name, maxVersionLevel);
    this.featuresEpoch = featuresEpoch;
  }

  /** Level that the whole cluster has agreed on, 0 for none: `transaction.version`. */
  feature(name: string): number {
    return this.#features.get(name) ?? 0;
  }

  /** The newest version that both sides speak, not above `versionMax`; undefined when there is none. */
  pick(api: Api, versionMax = Number.POSITIVE_INFINITY): number | undefined {
    const range = this.#ranges.get(api.key);
    if (!range) return undefined;
    const version = Math.min(range.max, api.advertisedMax, versionMax);
    return version >= Math.max(range.min, api.versionMin) ? version : undefined;
  }

  /** For messages: `0 to 7`, or `none`. */
  describe(api: Api): string {
    const range = this.#ranges.get(api.key);
    return range ? `${range.min} to ${range.max}` : 'none';
  }
}
