/**
 * Levels of Kafka's metadata.version (KIP-584): `levelMax` is 4.4-IV2, the newest that Apache Kafka 4.4.0 runs with, `levelMin`
 * 3.3-IV3, the oldest that a 4.x broker supports.
 */
export const metadataVersion = { name: 'metadata.version', levelMin: 7, levelMax: 33 } as const;
