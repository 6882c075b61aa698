import type { BrokerFile } from '../config/broker-config.ts';

/** What the supervisor tells a broker process over its IPC channel. The end of the channel means "stop" too. */
export type ToBroker =
  | { readonly type: 'start'; readonly file: BrokerFile }
  | { readonly type: 'stop'; readonly wholeCluster: boolean }
  /** Asks for `replicas`. */
  | { readonly type: 'replicas' };

/** What a broker process tells its supervisor. */
export type FromBroker =
  | { readonly type: 'listening'; readonly port: number }
  /** Registered, unfenced and caught up with the metadata for the first time. */
  | { readonly type: 'ready' }
  /** It starts or stops and gets on with it: what it waits for or has still to do, in a few words. */
  | { readonly type: 'progress'; readonly left: string }
  /** Partitions led here that lack an in-sync replica. */
  | { readonly type: 'replicas'; readonly lacking: number }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };
