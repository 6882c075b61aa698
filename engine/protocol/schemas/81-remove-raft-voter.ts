import type { MessageOf } from '../schema.ts';
import { int16, int32, message, string, uuid } from '../schema.ts';

/** Takes a voter out of the metadata quorum (KIP-853). */
export const removeRaftVoterRequest = message(
  { name: 'RemoveRaftVoterRequest', key: 81, versions: '0', flexible: '0+' },
  {
    clusterId: string('0+', { nullable: '0+' }),
    voterId: int32('0+'),
    voterDirectoryId: uuid('0+'),
  },
);
export type RemoveRaftVoterRequest = MessageOf<typeof removeRaftVoterRequest>;

export const removeRaftVoterResponse = message(
  { name: 'RemoveRaftVoterResponse', key: 81, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
  },
);
export type RemoveRaftVoterResponse = MessageOf<typeof removeRaftVoterResponse>;
