import type { MessageOf } from '../../schema.ts';
import { int32, int64, int64Wide, message, string } from '../../schema.ts';

/** Committed offset as Kafka before 0.9 wrote it (key type 0); only read. */
export const legacyOffsetCommitKey = message(
  { name: 'LegacyOffsetCommitKey', key: 0, versions: '0', flexible: 'none' },
  {
    group: string('0+'),
    topic: string('0+'),
    partition: int32('0+'),
  },
);
export type LegacyOffsetCommitKey = MessageOf<typeof legacyOffsetCommitKey>;

export const legacyOffsetCommitValue = message(
  { name: 'LegacyOffsetCommitValue', key: 0, versions: '0', flexible: 'none' },
  {
    offset: int64Wide('0+'),
    metadata: string('0+'),
    commitTimestamp: int64('0+'),
  },
);
export type LegacyOffsetCommitValue = MessageOf<typeof legacyOffsetCommitValue>;
