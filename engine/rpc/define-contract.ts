import { z } from 'zod';

/** A request of one end that the other answers. */
export interface Call<Params extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  readonly kind: 'call';
  readonly params: Params;
  readonly answer: Answer;
}

/** A message of the end that answers, which nobody asked for. */
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

/** Calls and events by name. */
export type Contract = Readonly<Record<string, Call | Event>>;

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

/** Sends an event of the contract to one client. False: it could not keep up and the event was left out. */
export type Emit<C> = <Name extends EventName<C>>(name: Name, payload: PayloadOf<C[Name]>) => boolean;

/** A client of the contract: the end that asks. Calls reject with a MillraceError. */
export interface ContractClient<C> {
  call<Name extends CallName<C>>(name: Name, params: ParamsOf<C[Name]>): Promise<AnswerOf<C[Name]>>;
  /** Returns a function that ends the subscription. */
  on<Name extends EventName<C>>(name: Name, listener: (payload: PayloadOf<C[Name]>) => void): () => void;
}

/** Handlers of the contract: the end that answers. `Session` is what it keeps of who asks. A missing handler is a type error. */
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

/** A request as JSON-RPC 2.0 has it. */
export const rpcRequestSchema = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.number().int(),
  method: z.string(),
  params: z.unknown(),
});

/** What the end that answers sends: the answer to a request, its error, or an event. */
export const rpcMessageSchema = z.union([
  z.object({ jsonrpc: z.literal('2.0'), id: z.number().int(), result: z.unknown() }),
  z.object({
    jsonrpc: z.literal('2.0'),
    id: z.number().int().nullable(),
    error: z.object({ code: z.number().int(), message: z.string(), data: wireErrorSchema }),
  }),
  z.object({ jsonrpc: z.literal('2.0'), method: z.string(), params: z.unknown() }),
]);
