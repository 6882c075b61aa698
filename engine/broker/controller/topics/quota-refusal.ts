import { errorCode } from '../../../protocol/error-codes.ts';
import type { TopicRefusal } from './topic-refusal.ts';

/** A row that is refused because its client has used up its quota of changes (KIP-599). */
export const quotaRefusal: TopicRefusal = { code: errorCode.THROTTLING_QUOTA_EXCEEDED, message: null };
