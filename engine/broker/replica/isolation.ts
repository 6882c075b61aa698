/**
 * Up to where a reader sees a partition: a follower to the end of the log, a consumer to the high watermark, and with
 * `read-committed` to the last stable offset, below which the outcome of every transaction is known.
 */
export type Isolation = 'log-end' | 'read-uncommitted' | 'read-committed';
