import type { MessageOf } from '../../schema.ts';
import { int16, int64, message } from '../../schema.ts';

/** Control record 3: first record of a snapshot (KIP-630). */
export const snapshotHeaderRecord = message(
  { name: 'SnapshotHeaderRecord', versions: '0', flexible: '0+' },
  {
    version: int16('0+'),
    lastContainedLogTimestamp: int64('0+'),
  },
);
export type SnapshotHeaderRecord = MessageOf<typeof snapshotHeaderRecord>;
