import type { MessageOf } from '../../schema.ts';
import { int16, message } from '../../schema.ts';

/** Control record 4: last record of a snapshot (KIP-630). */
export const snapshotFooterRecord = message(
  { name: 'SnapshotFooterRecord', versions: '0', flexible: '0+' },
  {
    version: int16('0+'),
  },
);
export type SnapshotFooterRecord = MessageOf<typeof snapshotFooterRecord>;
