import { MillraceError } from '../../../base/errors.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { RequestContext } from '../handler.ts';
import { NotControllerError } from './not-controller-error.ts';

/** Runs a peer's request on this broker as the active controller; what hinders it becomes the error code of the whole response. */
export async function controllerCommand<Response>(
  request: unknown,
  { apiKey, broker, connection }: RequestContext,
  refused: (code: ErrorCode) => Response,
): Promise<Response> {
  if (!connection.isPeer) return refused(errorCode.CLUSTER_AUTHORIZATION_FAILED);
  try {
    return (await broker.quorum.command(apiKey, request)) as Response;
  } catch (error) {
    return refused(codeOfFailure(error));
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
