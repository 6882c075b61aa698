import type { MessageInput, MessageSchema } from '../../protocol/schema.ts';

/** How one request is sent. */
export interface RequestOptions {
  /** Names a socket of its own to that broker: 'main' (default), 'fetch', 'group', ... */
  readonly lane?: string;
  /** Default: the connection's request timeout. */
  readonly timeoutMs?: number;
  /** Ends the waiting at once with KAFKA_ABORTED; the answer is then ignored. */
  readonly signal?: AbortSignal | undefined;
  /** Highest version to use, where a request cannot say what it must in a newer one. */
  readonly versionMax?: number | undefined;
}

/** The body of a request, or what makes it once the version is known. */
export type RequestBody<Req extends MessageSchema> = MessageInput<Req> | ((version: number) => MessageInput<Req>);
