import type { MessageInput } from '../../protocol/schema.ts';
import type { FetchRequest, fetchResponse } from '../../protocol/schemas/01-fetch.ts';
import type { Reply, RequestContext } from './handler.ts';

/** Answers a Fetch of `__cluster_metadata`, from a voter or an observer; refuses others. */
export type QuorumFetch = (request: FetchRequest, context: RequestContext) => Reply<MessageInput<typeof fetchResponse>>;
