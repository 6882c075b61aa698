import type { FrameConnection } from '../../base/net.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../protocol/schema.ts';
import type { ConnectionSession } from './connection/connection-session.ts';
import type { BrokerServices } from './services.ts';

/** What a handler knows about its request besides the message. */
export interface RequestContext {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly clientId: string | null;
  /** Remote address, and whether it is another broker of this cluster (`isPeer`). */
  readonly connection: FrameConnection;
  readonly session: ConnectionSession;
  readonly broker: BrokerServices;
}

/** Answer of a handler: now, later, or none at all (`undefined`: Produce with acks=0). */
export type Reply<Res> = Res | undefined | Promise<Res | undefined>;

/**
 * One API of the broker. Requests of a connection are started in order of arrival; a handler that returns a promise does
 * not hold up the next one; responses leave in request order. A handler never throws for a user's fault: it answers with
 * the error code on the row it belongs to. What it throws is a bug: logged, and the connection closes.
 */
export interface ApiHandler {
  readonly key: number;
  readonly request: MessageSchema;
  readonly response: MessageSchema;
  readonly handle: (request: unknown, context: RequestContext) => Reply<unknown>;
}

/** Ties a request and a response schema to the function between them. */
export function defineHandler<Req extends MessageSchema, Res extends MessageSchema>(
  request: Req,
  response: Res,
  handle: (request: MessageOf<Req>, context: RequestContext) => Reply<MessageInput<Res>>,
): ApiHandler {
  if (request.key !== response.key)
    throw new Error(
      `expected one api key for ${request.name} and ${response.name}, found ${request.key}, ${response.key}`,
    );
  return { key: request.key, request, response, handle: handle as ApiHandler['handle'] };
}
