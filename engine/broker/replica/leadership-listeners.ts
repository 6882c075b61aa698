/** Hears which partitions this broker leads: coordinators load and unload their state by it. */
export interface LeadershipListener {
  /**
   * This broker leads the partition from now on, in this epoch; told again for every later epoch in which it leads on. Not every record below the log's end is committed yet:
   * `ReplicaManager.whenElectionCommitted` tells when all that earlier leaders acknowledged can be read.
   */
  elected(topic: string, partition: number, leaderEpoch: number): void;
  /** It no longer leads, or no longer has the partition. */
  resigned(topic: string, partition: number): void;
}
