import type { MessageOf } from '../schema.ts';
import { array, int8, int16, int32, int64, int64Wide, message, string } from '../schema.ts';

/**
 * Offset for a timestamp, or for the markers -1 latest, -2 earliest, -3 max timestamp and the tiered ones below.
 * 2: isolation level. 4: leader epochs (KIP-320). 6: flexible. 7: max timestamp (KIP-734). 8-9: tiered storage.
 * 10: timeout. 11: earliest pending upload (KIP-1023).
 */
export const listOffsetsRequest = message(
  { name: 'ListOffsetsRequest', key: 2, versions: '1-11', flexible: '6+' },
  {
    replicaId: int32('0+'),
    isolationLevel: int8('2+'),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        currentLeaderEpoch: int32('4+', { default: -1 }),
        timestamp: int64Wide('0+'),
      }),
    }),
    timeoutMs: int32('10+'),
  },
);
export type ListOffsetsRequest = MessageOf<typeof listOffsetsRequest>;

export const listOffsetsResponse = message(
  { name: 'ListOffsetsResponse', key: 2, versions: '1-11', flexible: '6+' },
  {
    throttleTimeMs: int32('2+', { default: 0 }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        timestamp: int64Wide('1+', { default: -1 }),
        offset: int64('1+', { default: -1 }),
        leaderEpoch: int32('4+', { default: -1 }),
      }),
    }),
  },
);
export type ListOffsetsResponse = MessageOf<typeof listOffsetsResponse>;
