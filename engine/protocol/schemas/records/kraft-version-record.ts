import type { MessageOf } from '../../schema.ts';
import { int16, message } from '../../schema.ts';

/** Control record 5: version of the raft protocol in use (KIP-853). */
export const kRaftVersionRecord = message(
  { name: 'KRaftVersionRecord', versions: '0', flexible: '0+' },
  {
    version: int16('0+'),
    kRaftVersion: int16('0+'),
  },
);
export type KRaftVersionRecord = MessageOf<typeof kRaftVersionRecord>;
