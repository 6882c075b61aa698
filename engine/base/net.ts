import type { PauseReason } from './pause-reasons.ts';

/**
 * Message-framed connections, as the broker sees them: the edge (engine/broker/node) turns TCP and WebSocket bytes into
 * frames, the simulator carries frames in memory. A frame is one Kafka request or response without its 4-byte size.
 */
export interface FrameConnection {
  /** For logs and quotas: `127.0.0.1:52100`. */
  readonly remoteAddress: string;
  /** True for a connection of another broker of this cluster that has proved it knows the cluster's key. */
  readonly isPeer: boolean;
  /** Name of the listener that it came in on; undefined where nobody tells them apart. */
  readonly listener?: string | undefined;
  /** The user that a client's certificate names, where it has shown one. */
  readonly certifiedName?: string | undefined;
  /** Sends one frame given as chunks; the chunks must not change until they are sent. Frames arrive in order or the connection closes. */
  send(chunks: readonly Uint8Array[]): void;
  /** Bytes handed to `send` that the peer has not taken yet. */
  readonly bufferedBytes: number;
  /** What the next response should hold at most, as long as memory for responses is short; undefined: no such bound. */
  readonly responseBytesMax?: number;
  /** Holds frames back (back-pressure to the peer) until every reason that was given is taken back with `resume`. */
  pause(reason: PauseReason): void;
  resume(reason: PauseReason): void;
  close(reason?: string): void;
  /** Set by the owner right after it gets the connection; `frame` is valid for as long as it is referenced. */
  onFrame: (frame: Buffer) => void;
  /** Called exactly once, whoever closed. No frame follows it. */
  onClose: (reason: string) => void;
}

/** Opens connections to peers. */
export interface Dialer {
  /** Starts to connect at once; frames sent before the connection is up are kept. `onClose` tells when it could not be made. */
  dial(host: string, port: number): FrameConnection;
}
