import type { FeatureRange } from './features-image.ts';

/** A feature whose level clients and brokers can rely on (KIP-584). */
export interface SupportedFeature {
  readonly name: string;
  /** Levels that this build can run with. With a largest level of 0 the feature is not there yet, for anybody. */
  readonly levelMin: number;
  readonly levelMax: number;
  /** Level of a new cluster, as StorageTool of Apache Kafka 4.4.0 formats it. One that exists keeps its own until UpdateFeatures. */
  readonly levelAtFormat: number;
}

/**
 * Every feature, with the levels of Apache Kafka 4.4.0 that are served here. metadata.version 33 is 4.4-IV2, 7 is 3.3-IV3, the
 * oldest that a 4.x broker takes. A feature that becomes served is a change of its line.
 */
export const features = {
  metadataVersion: { name: 'metadata.version', levelMin: 7, levelMax: 33, levelAtFormat: 33 },
  /** Its level is that of the quorum's own records, which say who votes (KIP-853); no metadata record sets it. */
  kraftVersion: { name: 'kraft.version', levelMin: 0, levelMax: 1, levelAtFormat: 1 },
  transactionVersion: { name: 'transaction.version', levelMin: 0, levelMax: 2, levelAtFormat: 2 },
  groupVersion: { name: 'group.version', levelMin: 0, levelMax: 1, levelAtFormat: 1 },
  eligibleLeaderReplicasVersion: {
    name: 'eligible.leader.replicas.version',
    levelMin: 0,
    levelMax: 1,
    levelAtFormat: 1,
  },
  shareVersion: { name: 'share.version', levelMin: 0, levelMax: 0, levelAtFormat: 0 },
  streamsVersion: { name: 'streams.version', levelMin: 0, levelMax: 0, levelAtFormat: 0 },
} as const satisfies Record<string, SupportedFeature>;

export type FeatureName = (typeof features)[keyof typeof features]['name'];

/** The features that are there. */
export const supportedFeatures: readonly SupportedFeature[] = Object.values(features).filter(
  ({ levelMax }: SupportedFeature) => levelMax > 0,
);

/** The ranges that a broker registers with. */
export const registeredFeatures: readonly FeatureRange[] = supportedFeatures.map(({ name, levelMin, levelMax }) => ({
  name,
  minSupportedVersion: levelMin,
  maxSupportedVersion: levelMax,
}));

/**
 * Levels of metadata.version whose records are not those of the level before: no way back leads below one of them. From
 * Kafka's MetadataVersion (`didMetadataChange`).
 */
export const metadataChangedAt: readonly number[] = [7, 8, 11, 13, 14, 15, 17, 23, 30, 32, 33];
