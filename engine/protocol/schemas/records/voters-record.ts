import type { MessageOf } from '../../schema.ts';
import { array, int16, int32, message, string, struct, uint16, uuid } from '../../schema.ts';

/** Control record 6: the voter set with its endpoints (KIP-853). */
export const votersRecord = message(
  { name: 'VotersRecord', versions: '0', flexible: '0+' },
  {
    version: int16('0+'),
    voters: array('0+', {
      voterId: int32('0+'),
      voterDirectoryId: uuid('0+'),
      endpoints: array('0+', {
        name: string('0+'),
        host: string('0+'),
        port: uint16('0+'),
      }),
      kRaftVersionFeature: struct('0+', {
        minSupportedVersion: int16('0+'),
        maxSupportedVersion: int16('0+'),
      }),
    }),
  },
);
export type VotersRecord = MessageOf<typeof votersRecord>;
