import type { Api } from '../../protocol/api-keys.ts';

/** Versions of each API that one broker announced. */
export class VersionTable {
  readonly #ranges = new Map<number, { readonly min: number; readonly max: number }>();

  constructor(keys: readonly { readonly apiKey: number; readonly minVersion: number; readonly maxVersion: number }[]) {
    for (const { apiKey, minVersion, maxVersion } of keys)
      this.#ranges.set(apiKey, { min: minVersion, max: maxVersion });
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
