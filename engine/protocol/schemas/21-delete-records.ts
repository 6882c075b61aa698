import type { MessageOf } from '../schema.ts';
import { array, int16, int32, int64, int64Clamped, message, string } from '../schema.ts';

/** Moves the starts of partitions up: what is older is gone (KIP-107). 2: flexible. */
export const deleteRecordsRequest = message(
  { name: 'DeleteRecordsRequest', key: 21, versions: '0-2', flexible: '2+' },
  {
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', { partitionIndex: int32('0+'), offset: int64Clamped('0+') }),
    }),
    timeoutMs: int32('0+'),
  },
);
export type DeleteRecordsRequest = MessageOf<typeof deleteRecordsRequest>;

export const deleteRecordsResponse = message(
  { name: 'DeleteRecordsResponse', key: 21, versions: '0-2', flexible: '2+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', { partitionIndex: int32('0+'), lowWatermark: int64('0+'), errorCode: int16('0+') }),
    }),
  },
);
export type DeleteRecordsResponse = MessageOf<typeof deleteRecordsResponse>;
