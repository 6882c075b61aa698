import type { MessageOf } from '../../schema.ts';
import { array, int16, int32, message, uuid } from '../../schema.ts';

const voter = {
  voterId: int32('0+'),
  voterDirectoryId: uuid('1+'),
};

/** Control record 2 of the raft log: first record of a leader's epoch (KIP-595). 1: directory ids. */
export const leaderChangeMessage = message(
  { name: 'LeaderChangeMessage', versions: '0-1', flexible: '0+' },
  {
    version: int16('0+'),
    leaderId: int32('0+'),
    voters: array('0+', voter),
    grantingVoters: array('0+', voter),
  },
);
export type LeaderChangeMessage = MessageOf<typeof leaderChangeMessage>;
