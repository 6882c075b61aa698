/** How partitions are read. Names follow Kafka's consumer configuration. */
export interface FetchSettings {
  readonly isolation: 'read_uncommitted' | 'read_committed';
  readonly fetchMinBytes: number;
  /** How long a broker may hold a fetch that finds nothing. */
  readonly fetchWaitMsMax: number;
  readonly partitionFetchBytesMax: number;
  /** Fetching of a partition pauses while it has more than this queued; it goes on at half of it. */
  readonly partitionQueueBytesMax: number;
  /** The same in records. One fetch may bring more at once. */
  readonly partitionQueueRecordsMax: number;
  /** Where to go on when the wanted offset is no longer (or not yet) there. */
  readonly startAt: 'earliest' | 'latest';
  /** Kafka's `client.rack`: a broker may name a replica nearby to read from (KIP-392). */
  readonly clientRack?: string | undefined;
}

export const fetchDefaults: FetchSettings = {
  isolation: 'read_committed',
  fetchMinBytes: 1,
  fetchWaitMsMax: 500,
  partitionFetchBytesMax: 1024 * 1024,
  partitionQueueBytesMax: 1024 * 1024,
  partitionQueueRecordsMax: 10_000,
  startAt: 'latest',
};

/** Bytes of one fetch response over all its partitions. */
export const responseBytesMax = 16 * 1024 * 1024;
/** A broker holds a fetch only this long while another of its partitions waits for room, or that one would wait for the poll. */
export const fetchWaitWhilePausedMsMax = 20;
