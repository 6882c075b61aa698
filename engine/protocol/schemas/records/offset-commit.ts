import type { MessageOf } from '../../schema.ts';
import { int32, int64, int64Wide, message, string, uuid } from '../../schema.ts';

/**
 * Committed offset in __consumer_offsets. The record's key starts with int16 key type 1, the value with its version.
 * The legacy form with type 0 has the same key.
 */
export const offsetCommitKey = message(
  { name: 'OffsetCommitKey', key: 1, versions: '0', flexible: 'none' },
  {
    group: string('0+'),
    topic: string('0+'),
    partition: int32('0+'),
  },
);
export type OffsetCommitKey = MessageOf<typeof offsetCommitKey>;

export const offsetCommitValue = message(
  { name: 'OffsetCommitValue', key: 1, versions: '0-4', flexible: '4+' },
  {
    offset: int64Wide('0+'),
    leaderEpoch: int32('3+', { default: -1 }),
    metadata: string('0+'),
    commitTimestamp: int64('0+'),
    expireTimestamp: int64('1', { default: -1 }),
    topicId: uuid('4+', { tag: 0 }),
  },
);
export type OffsetCommitValue = MessageOf<typeof offsetCommitValue>;
