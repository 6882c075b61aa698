/** An ordered stream of bytes in both directions: a TCP socket, or a WebSocket whose messages are taken as a stream. */
export interface ByteStream {
  readonly remoteAddress: string;
  /** Bytes given to `write` that the system has not taken yet. */
  readonly bufferedBytes: number;
  /** Bytes received that are held back below, as they are not whole yet. */
  readonly partialBytes: number;
  /** Writes chunks in order, as few system calls as possible. */
  write(chunks: readonly Uint8Array[]): void;
  /** Stops and restarts reading; the system's windows then hold the peer back. */
  pause(): void;
  resume(): void;
  /** Sends what is buffered, then closes; `reason` is told to the peer where the transport can. */
  end(reason: string): void;
  /** Closes at once. */
  destroy(): void;
  /** Set by the owner before the first byte arrives. */
  onBytes: (chunk: Buffer) => void;
  /** `partialBytes` has grown. */
  onPartial: () => void;
  /** `bufferedBytes` has become small again. */
  onDrain: () => void;
  /** Exactly once. */
  onClose: (reason: string) => void;
}
