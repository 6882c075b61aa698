import { MillraceError } from '../../../base/errors.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput, MessageSchema } from '../../../protocol/schema.ts';
import type { QuorumServices } from '../quorum/quorum-services.ts';
import { refusalOf } from '../refusal.ts';
import { NotControllerError } from './not-controller-error.ts';

/** Runs a peer's request on this broker as the active controller; what hinders it becomes the error code of the whole response. */
export async function controllerCommand<Res extends MessageSchema>(
  apiKey: number,
  request: unknown,
  schema: Res,
  quorum: QuorumServices,
): Promise<MessageInput<Res>> {
  try {
    return (await quorum.command(apiKey, request)) as MessageInput<Res>;
  } catch (error) {
    return refusalOf(schema)(request, codeOfFailure(error)) as MessageInput<Res>;
  }
}

/** Bounds of how long a client may have its request tried; its own wish within them. */
const adminTimeoutMsMin = 1_000;
const adminTimeoutMsMax = 60_000;

/** How long to try a client's administrative request. Some clients ask for 0 ms, which no forwarding can meet. */
export function adminTimeoutMs(askedMs: number): number {
  return Math.min(Math.max(askedMs, adminTimeoutMsMin), adminTimeoutMsMax);
}

/** The code for a command that found no controller, or not in time. Anything else is a bug and goes on. */
export function codeOfFailure(error: unknown): ErrorCode {
  if (!(error instanceof MillraceError && error.retriable)) throw error;
  return error instanceof NotControllerError ? errorCode.NOT_CONTROLLER : errorCode.REQUEST_TIMED_OUT;
}
