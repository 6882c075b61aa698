import type { FrameConnection } from '../../base/net.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../protocol/schema.ts';
import type { authorizedOperations } from '../security/authorized-operations.ts';
import type { Operation } from '../security/operation.ts';
import type { Principal } from '../security/principal.ts';
import type { ResourceType } from '../security/resource.ts';
import type { ConnectionSession } from './connection/connection-session.ts';
import { refusalOf } from './refusal.ts';
import type { BrokerServices, ServiceName } from './services.ts';

/** What a handler knows about its request besides the message. */
export interface RequestContext {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly clientId: string | null;
  /** Who asks; a name that it has proved, unlike the client id. */
  readonly principal: Principal;
  readonly connection: FrameConnection;
  readonly session: ConnectionSession;
  /** Whether a broker of the cluster asks. No client is one, whatever rights it is given. */
  readonly isBroker: boolean;
  /** Whether who asks may do this. */
  authorize(operation: Operation, type: ResourceType, name: string): boolean;
  /** Whether who asks may do this on some resource of the type, which need not exist. */
  authorizeSomewhere(operation: Operation, type: ResourceType): boolean;
  /** What who asks may do, one bit for each operation (KIP-430). */
  operationsOn(type: keyof typeof authorizedOperations, name: string): number;
  /** Closes the connection once this request is answered; `what` the client did, for the log. */
  closeAfterAnswer(what: string): void;
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
  /** The services that it is lent; `handle` gets these and no others. */
  readonly needs: readonly ServiceName[];
  readonly handle: (request: unknown, context: RequestContext, services: Partial<BrokerServices>) => Reply<unknown>;
  /** Why who asks may not ask this at all; NONE: it may. Rights to parts of a request are the handler's own matter. */
  readonly right: (request: unknown, context: RequestContext) => ErrorCode;
  /** The answer to a request that is refused as a whole: the code stands where this API's clients look for it. */
  readonly refuse: (request: unknown, code: ErrorCode, apiVersion: number) => unknown;
  /** The smaller answer that a client over its quota gets instead of `response`, where the API has one. */
  readonly shed: ((request: unknown, response: unknown, services: Partial<BrokerServices>) => unknown) | undefined;
}

export interface HandlerParts<Req extends MessageSchema, Res extends MessageSchema, Need extends ServiceName> {
  readonly needs?: readonly Need[];
  readonly handle: (
    request: MessageOf<Req>,
    context: RequestContext,
    services: Pick<BrokerServices, Need>,
  ) => Reply<MessageInput<Res>>;
  /** The right that the whole request needs: the code to refuse it with, or NONE. Without it everybody may ask. */
  readonly right?: (request: MessageOf<Req>, context: RequestContext) => ErrorCode;
  /** Needed where the response has no error code of its own in every version, but on its rows. */
  readonly refuse?: (request: MessageOf<Req>, code: ErrorCode, apiVersion: number) => MessageInput<Res>;
  readonly shed?: (
    request: MessageOf<Req>,
    response: MessageInput<Res>,
    services: Pick<BrokerServices, Need>,
  ) => MessageInput<Res>;
}

/** Ties a request and a response schema to the function between them. */
export function defineHandler<
  Req extends MessageSchema,
  Res extends MessageSchema,
  const Need extends ServiceName = never,
>(request: Req, response: Res, parts: HandlerParts<Req, Res, Need>): ApiHandler {
  if (request.key !== response.key)
    throw new Error(
      `expected one api key for ${request.name} and ${response.name}, found ${request.key}, ${response.key}`,
    );
  const { needs = [], handle, right = noRight, refuse = refusalOf(response), shed } = parts;
  return {
    key: request.key,
    request,
    response,
    needs,
    handle: handle as ApiHandler['handle'],
    right: right as ApiHandler['right'],
    refuse: refuse as ApiHandler['refuse'],
    shed: shed as ApiHandler['shed'],
  };
}

function noRight(): ErrorCode {
  return errorCode.NONE;
}
