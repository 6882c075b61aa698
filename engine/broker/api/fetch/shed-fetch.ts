import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { FetchRequest, fetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import type { FetchSessionCache } from './fetch-session-cache.ts';

/**
 * The empty answer to a consumer over its quota. What its session would have been told is told the next time; a session that was
 * made for this request goes, and the consumer asks for one again.
 */
export function shedFetch(
  { sessionEpoch }: FetchRequest,
  sessionId: number | undefined,
  sessions: FetchSessionCache,
): MessageInput<typeof fetchResponse> {
  const id = sessionId ?? 0;
  const isContinued = sessionEpoch > 0;
  if (isContinued) sessions.use(id)?.tellAgain();
  else sessions.delete(id);
  return { errorCode: errorCode.NONE, sessionId: isContinued ? id : 0, responses: [], nodeEndpoints: [] };
}
