/** Finalized levels of features by name (KIP-584). One that is not there has level 0. */
export type FeaturesImage = ReadonlyMap<string, number>;

/** Levels of a feature that a broker supports (KIP-584). */
export interface FeatureRange {
  readonly name: string;
  readonly minSupportedVersion: number;
  readonly maxSupportedVersion: number;
}
