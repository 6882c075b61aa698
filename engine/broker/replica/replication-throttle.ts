/**
 * Holds back replicas that catch up, so that those in sync and clients are not in want (KIP-73). Only replicas that are listed and not in the
 * in-sync set are held back; what others of the listed take counts all the same.
 */
export interface ReplicationThrottle {
  /** Whether any replica here is listed and the rate has a bound. Nothing is asked or counted before. */
  readonly isActive: boolean;
  isListed(topic: string, partition: number): boolean;
  /** Time until more may pass, in ms; 0: now. */
  waitMs(): number;
  record(bytes: number): void;
}

export interface ReplicationThrottles {
  readonly leader: ReplicationThrottle;
  readonly follower: ReplicationThrottle;
}

const never: ReplicationThrottle = { isActive: false, isListed: () => false, waitMs: () => 0, record: () => {} };

/** No replica is held back. */
export const noThrottles: ReplicationThrottles = { leader: never, follower: never };
