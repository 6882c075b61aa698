import type { Api } from '../../protocol/api-keys.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../protocol/schema.ts';
import type { MetadataCache } from './metadata-cache.ts';

/** How one request is sent. */
export interface RequestOptions {
  /** Names a socket of its own to that broker: 'main' (default), 'fetch', 'group', ... */
  readonly lane?: string;
  /** Default: the connection's request timeout. */
  readonly timeoutMs?: number;
  /** Ends the waiting at once with KAFKA_ABORTED; the answer is then ignored. */
  readonly signal?: AbortSignal;
  /** Highest version to use, where a request cannot say what it must in a newer one. */
  readonly versionMax?: number;
}

/** The body of a request, or what makes it once the version is known. */
export type RequestBody<Req extends MessageSchema> = MessageInput<Req> | ((version: number) => MessageInput<Req>);

/** One client's sockets to a cluster and what it knows of it. (Types first; the body follows.) */
export interface ClusterClient {
  readonly metadata: MetadataCache;
  request<Req extends MessageSchema, Res extends MessageSchema>(
    brokerId: number,
    api: Api<Req, Res>,
    body: RequestBody<Req>,
    options?: RequestOptions,
  ): Promise<MessageOf<Res>>;
  requestAny<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    body: RequestBody<Req>,
    options?: RequestOptions,
  ): Promise<MessageOf<Res>>;
  requestController<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    body: RequestBody<Req>,
    options?: RequestOptions,
  ): Promise<MessageOf<Res>>;
  /** Broker id of a coordinator; asked for once, until `forgetCoordinator`. */
  coordinator(kind: 'group' | 'transaction', key: string): Promise<number>;
  forgetCoordinator(kind: 'group' | 'transaction', key: string): void;
  close(): Promise<void>;
}
