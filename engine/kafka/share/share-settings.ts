/** How a member of a share group reads. Names and defaults follow Kafka's consumer configuration. */
export interface ShareSettings {
  readonly groupId: string;
  readonly topics: readonly string[];
  /** `implicit`: what `take` has handed out is accepted by the next `take`, `flush` or `close`. `explicit`: each record by its own call. */
  readonly acknowledgement: 'explicit' | 'implicit';
  /** Records that are acquired and not taken, about. */
  readonly queuedRecordsMax: number;
  readonly fetchMinBytes: number;
  readonly fetchBytesMax: number;
  /** How long a broker may hold a fetch that finds nothing. */
  readonly fetchWaitMsMax: number;
  readonly clientRack?: string | undefined;
  /** `start` waits this long for partitions; joining goes on afterwards. */
  readonly startWaitMsMax: number;
}

export const shareDefaults: Omit<ShareSettings, 'groupId' | 'topics'> = {
  acknowledgement: 'explicit',
  queuedRecordsMax: 500,
  fetchMinBytes: 1,
  fetchBytesMax: 16 * 1024 * 1024,
  fetchWaitMsMax: 500,
  startWaitMsMax: 15_000,
};
