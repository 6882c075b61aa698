import type { MessageOf } from '../schema.ts';
import { array, int16, int32, message, string } from '../schema.ts';

/** Deletes empty groups. 2: flexible. 3: an error text. */
export const deleteGroupsRequest = message(
  { name: 'DeleteGroupsRequest', key: 42, versions: '0-3', flexible: '2+' },
  {
    groupsNames: array('0+', 'string'),
  },
);
export type DeleteGroupsRequest = MessageOf<typeof deleteGroupsRequest>;

export const deleteGroupsResponse = message(
  { name: 'DeleteGroupsResponse', key: 42, versions: '0-3', flexible: '2+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    results: array('0+', {
      groupId: string('0+'),
      errorCode: int16('0+'),
      errorMessage: string('3+', { nullable: '3+', default: null }),
    }),
  },
);
export type DeleteGroupsResponse = MessageOf<typeof deleteGroupsResponse>;
