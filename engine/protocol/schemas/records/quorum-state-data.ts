import type { MessageOf } from '../../schema.ts';
import { array, int32, int64, message, string, uuid } from '../../schema.ts';

/** Content of the quorum-state file, which Apache Kafka keeps as JSON: the vote and the leader of an epoch. */
export const quorumStateData = message(
  { name: 'QuorumStateData', versions: '0-1', flexible: '0+' },
  {
    clusterId: string('0'),
    leaderId: int32('0+', { default: -1 }),
    leaderEpoch: int32('0+', { default: -1 }),
    votedId: int32('0+', { default: -1 }),
    votedDirectoryId: uuid('1+'),
    appliedOffset: int64('0'),
    currentVoters: array('0', { voterId: int32('0') }, { nullable: '0' }),
  },
);
export type QuorumStateData = MessageOf<typeof quorumStateData>;
