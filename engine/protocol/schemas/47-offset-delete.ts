import type { MessageOf } from '../schema.ts';
import { array, int16, int32, message, string } from '../schema.ts';

/** Forgets offsets of a group for topics that no member of it reads (KIP-496). */
export const offsetDeleteRequest = message(
  { name: 'OffsetDeleteRequest', key: 47, versions: '0', flexible: 'none' },
  {
    groupId: string('0+'),
    topics: array('0+', { name: string('0+'), partitions: array('0+', { partitionIndex: int32('0+') }) }),
  },
);
export type OffsetDeleteRequest = MessageOf<typeof offsetDeleteRequest>;

export const offsetDeleteResponse = message(
  { name: 'OffsetDeleteResponse', key: 47, versions: '0', flexible: 'none' },
  {
    errorCode: int16('0+'),
    throttleTimeMs: int32('0+', { default: 0 }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', { partitionIndex: int32('0+'), errorCode: int16('0+') }),
    }),
  },
);
export type OffsetDeleteResponse = MessageOf<typeof offsetDeleteResponse>;
