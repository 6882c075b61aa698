import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { parseText } from '../../formats/parse-text.ts';
import type { RpcAnswer } from '../../rpc/answer-request.ts';
import { answerRequest, badRequest, refusal, rpcCodes } from '../../rpc/answer-request.ts';
import type { StudioHandlers } from '../contract.ts';
import { contract } from '../contract.ts';

/** Serves one frame of a window: a request as JSON text. Never rejects. */
export async function answerText<Session>(
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
  return answerRequest(contract, frame, handlers, session, log);
}
