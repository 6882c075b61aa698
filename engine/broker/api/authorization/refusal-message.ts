import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';

const messages: ReadonlyMap<number, string> = new Map([
  [errorCode.TOPIC_AUTHORIZATION_FAILED, 'Topic authorization failed.'],
  [errorCode.GROUP_AUTHORIZATION_FAILED, 'Group authorization failed.'],
  [errorCode.CLUSTER_AUTHORIZATION_FAILED, 'Cluster authorization failed.'],
  [errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, 'Transactional Id authorization failed.'],
]);

/** How Kafka words a refusal for want of a right; null for any other code. */
export function refusalMessage(code: ErrorCode): string | null {
  return messages.get(code) ?? null;
}
