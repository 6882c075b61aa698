/** Finalized levels of features by name (KIP-584). */
export type FeaturesImage = ReadonlyMap<string, number>;
