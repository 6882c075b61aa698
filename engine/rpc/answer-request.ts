import { z } from 'zod';
import { MillraceError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { CallName, Contract, ContractHandlers } from './define-contract.ts';
import { rpcRequestSchema } from './define-contract.ts';
import type { WireError } from './wire-error.ts';
import { wireError } from './wire-error.ts';

/** Codes of JSON-RPC 2.0. */
export const rpcCodes = { parse: -32700, request: -32600, method: -32601, params: -32602, failed: -32000 } as const;

/** An answer that is ready to be sent. */
export type RpcAnswer =
  | { readonly jsonrpc: '2.0'; readonly id: number; readonly result: unknown }
  | {
      readonly jsonrpc: '2.0';
      readonly id: number | null;
      readonly error: { readonly code: number; readonly message: string; readonly data: WireError };
    };

/**
 * Serves one request that came over any transport: parses its frame and its parameters by the contract, calls the handler, turns a
 * throw into a typed error. Never rejects.
 */
export async function answerRequest<C extends Contract, Session>(
  contract: C,
  frame: unknown,
  handlers: ContractHandlers<C, Session>,
  session: Session,
  log: Log,
): Promise<RpcAnswer> {
  const request = rpcRequestSchema.safeParse(frame);
  if (!request.success) return refusal(null, rpcCodes.request, badRequest(z.prettifyError(request.error)));
  const { id, method } = request.data;
  const declared = Object.hasOwn(contract, method) ? contract[method] : undefined;
  if (declared?.kind !== 'call') {
    const unknown = new MillraceError('UNKNOWN_CALL', `expected a call of the contract, found "${method}"`);
    return refusal(id, rpcCodes.method, wireError(unknown));
  }
  const params = declared.params.safeParse(request.data.params);
  if (!params.success) return refusal(id, rpcCodes.params, badArgument(method, params.error));
  try {
    // The contract has just told that this call takes these parameters; types cannot follow a name that is known at run time only.
    const handler = handlers[method as CallName<C>] as (params: unknown, session: Session) => unknown;
    return { jsonrpc: '2.0', id, result: (await handler(params.data, session)) ?? {} };
  } catch (thrown) {
    if (!(thrown instanceof MillraceError)) log.error('a call broke', { method, error: thrown });
    return refusal(id, rpcCodes.failed, wireError(thrown));
  }
}

/** The answer to a call that is not served. */
export function refusal(id: number | null, code: number, data: WireError): RpcAnswer {
  return { jsonrpc: '2.0', id, error: { code, message: data.message, data } };
}

/** The error of a frame that is no request. */
export function badRequest(message: string): WireError {
  return { code: 'BAD_REQUEST', message, retriable: false, details: {} };
}

function badArgument(method: string, error: z.ZodError): WireError {
  const issues = error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const [first] = issues;
  const message = `${method}: ${first?.path ? `${first.path}: ` : ''}${first?.message ?? 'wrong parameters'}`;
  return { code: 'BAD_ARGUMENT', message, retriable: false, details: { issues } };
}
