import { z } from 'zod';

/** A request of the window that the studio server answers. */
export interface Call<Params extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  readonly kind: 'call';
  readonly params: Params;
  readonly answer: Answer;
}

/** A message from the studio server that nobody asked for. */
export interface Event<Payload extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  readonly payload: Payload;
}

/** Declares a call: schemas of its parameters and of its answer. */
export function call<Params extends z.ZodType, Answer extends z.ZodType>(
  params: Params,
  answer: Answer,
): Call<Params, Answer> {
  return { kind: 'call', params, answer };
}

/** Declares an event: the schema of its payload. */
export function event<Payload extends z.ZodType>(payload: Payload): Event<Payload> {
  return { kind: 'event', payload };
}

/** Names of a contract's calls. */
export type CallName<C> = { [Name in keyof C]: C[Name] extends Call ? Name : never }[keyof C] & string;

/** Names of a contract's events. */
export type EventName<C> = { [Name in keyof C]: C[Name] extends Event ? Name : never }[keyof C] & string;

/** What the caller hands over. */
export type ParamsOf<C> = C extends Call<infer Params, z.ZodType> ? z.input<Params> : never;

/** What the caller gets back. */
export type AnswerOf<C> = C extends Call<z.ZodType, infer Answer> ? z.output<Answer> : never;

/** What a listener of the event gets. */
export type PayloadOf<C> = C extends Event<infer Payload> ? z.output<Payload> : never;

/** A client of the contract: the window's end. Calls reject with a StudioError. */
export interface ContractClient<C> {
  call<Name extends CallName<C>>(name: Name, params: ParamsOf<C[Name]>): Promise<AnswerOf<C[Name]>>;
  /** Returns a function that ends the subscription. */
  on<Name extends EventName<C>>(name: Name, listener: (payload: PayloadOf<C[Name]>) => void): () => void;
}

/** Handlers of the contract: the server's end. A missing one is a type error. */
export type ContractHandlers<C, Session> = {
  readonly [Name in CallName<C>]: (
    params: C[Name] extends Call<infer Params, z.ZodType> ? z.output<Params> : never,
    session: Session,
  ) => Promise<AnswerOf<C[Name]>> | AnswerOf<C[Name]>;
};

/** How an error crosses the wire: `data` of a JSON-RPC error. */
export const wireErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  retriable: z.boolean().default(false),
  details: z.record(z.string(), z.unknown()).default({}),
});

/** WebSocket subprotocol of the contract. The window offers it together with `studioTokenPrefix` + its token. */
export const studioProtocol = 'millrace.studio.1';

/**
 * The token travels as an offered subprotocol: unlike a query string it ends up in no log, unlike a cookie it is not sent
 * to other ports of this host.
 */
export const studioTokenPrefix = 'millrace.token.';

/**
 * Offered by the window as well, and chosen by the server when the token is not of this launch: the socket opens only to be
 * closed. (A refused upgrade would look to a page like a server that is down, and it would try for ever.)
 */
export const studioRefusedProtocol = 'millrace.studio.refused';

/** A request as JSON-RPC 2.0 has it. */
export const rpcRequestSchema = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.number().int(),
  method: z.string(),
  params: z.unknown(),
});

/** What the server sends: the answer to a request, its error, or an event. */
export const rpcMessageSchema = z.union([
  z.object({ jsonrpc: z.literal('2.0'), id: z.number().int(), result: z.unknown() }),
  z.object({
    jsonrpc: z.literal('2.0'),
    id: z.number().int().nullable(),
    error: z.object({ code: z.number().int(), message: z.string(), data: wireErrorSchema }),
  }),
  z.object({ jsonrpc: z.literal('2.0'), method: z.string(), params: z.unknown() }),
]);
