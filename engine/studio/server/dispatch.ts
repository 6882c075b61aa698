import { z } from 'zod';
import { MillraceError, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { parseText } from '../../formats/parse-text.ts';
import type { StudioContract, StudioHandlers } from '../contract.ts';
import { contract } from '../contract.ts';
import type { CallName } from '../define-contract.ts';
import { rpcRequestSchema } from '../define-contract.ts';

/** Codes of JSON-RPC 2.0. */
const rpcCodes = { parse: -32700, request: -32600, method: -32601, params: -32602, failed: -32000 } as const;

/** An answer that is ready to be sent. */
export type RpcAnswer =
  | { readonly jsonrpc: '2.0'; readonly id: number; readonly result: unknown }
  | {
      readonly jsonrpc: '2.0';
      readonly id: number | null;
      readonly error: { readonly code: number; readonly message: string; readonly data: WireError };
    };

/** `data` of an error. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly retriable: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Serves one request: parses its frame and its parameters by the contract, calls the handler, turns a throw into a typed error. Never rejects. */
export async function dispatch<Session>(
  text: string,
  handlers: StudioHandlers<Session>,
  session: Session,
  log: Log,
): Promise<RpcAnswer> {
  let frame: unknown;
  try {
    frame = parseText(text);
  } catch (thrown) {
    return refusal(null, rpcCodes.parse, badRequest(`expected JSON, found: ${messageOf(thrown)}`));
  }
  const request = rpcRequestSchema.safeParse(frame);
  if (!request.success) return refusal(null, rpcCodes.request, badRequest(z.prettifyError(request.error)));
  const { id, method } = request.data;
  const declared = Object.hasOwn(contract, method) ? contract[method as keyof StudioContract] : undefined;
  if (declared?.kind !== 'call') {
    return refusal(
      id,
      rpcCodes.method,
      wireError(new MillraceError('UNKNOWN_CALL', `the studio has no call "${method}"`)),
    );
  }
  const params = declared.params.safeParse(request.data.params);
  if (!params.success) return refusal(id, rpcCodes.params, badArgument(method, params.error));
  try {
    const handler = handlers[method as CallName<StudioContract>] as (params: unknown, session: Session) => unknown;
    return { jsonrpc: '2.0', id, result: (await handler(params.data, session)) ?? {} };
  } catch (thrown) {
    if (!(thrown instanceof MillraceError)) log.error('a studio call broke', { method, error: thrown });
    return refusal(id, rpcCodes.failed, wireError(thrown));
  }
}

/** How an error crosses to the window. What is no MillraceError is a bug of ours: `INTERNAL_ERROR`. */
export function wireError(thrown: unknown): WireError {
  if (thrown instanceof MillraceError) {
    const { code, message, retriable, details } = thrown;
    return { code, message, retriable, details };
  }
  return { code: 'INTERNAL_ERROR', message: messageOf(thrown), retriable: false, details: {} };
}

function badRequest(message: string): WireError {
  return { code: 'BAD_REQUEST', message, retriable: false, details: {} };
}

function badArgument(method: string, error: z.ZodError): WireError {
  const issues = error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const [first] = issues;
  const message = `${method}: ${first?.path ? `${first.path}: ` : ''}${first?.message ?? 'wrong parameters'}`;
  return { code: 'BAD_ARGUMENT', message, retriable: false, details: { issues } };
}

function refusal(id: number | null, code: number, data: WireError): RpcAnswer {
  return { jsonrpc: '2.0', id, error: { code, message: data.message, data } };
}
