/** What a coordinator's loads came across since the broker started, for metrics. */
export interface LoadCounts {
  /** Loads that failed and were, or will be, tried again. */
  failures: number;
  /** Loads that ended at a record that cannot be read: the partition is served by nobody until another election. */
  unreadable: number;
  /** Records of types that are not known, passed over. */
  unknownKeys: number;
  /** Records of a known type in a newer form, passed over. */
  unknownValues: number;
  /** Batches with markers of transactions, skipped. */
  controlBatches: number;
}

export function noLoads(): LoadCounts {
  return { failures: 0, unreadable: 0, unknownKeys: 0, unknownValues: 0, controlBatches: 0 };
}
