import type { MessageOf } from '../schema.ts';
import { array, int16, int32, message, string } from '../schema.ts';

/** All groups of a broker. 3: flexible. 4: states filter (KIP-518). 5: types filter (KIP-848). */
export const listGroupsRequest = message(
  { name: 'ListGroupsRequest', key: 16, versions: '0-5', flexible: '3+' },
  {
    statesFilter: array('4+', 'string'),
    typesFilter: array('5+', 'string'),
  },
);
export type ListGroupsRequest = MessageOf<typeof listGroupsRequest>;

export const listGroupsResponse = message(
  { name: 'ListGroupsResponse', key: 16, versions: '0-5', flexible: '3+' },
  {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0+'),
    groups: array('0+', {
      groupId: string('0+'),
      protocolType: string('0+'),
      groupState: string('4+'),
      groupType: string('5+'),
    }),
  },
);
export type ListGroupsResponse = MessageOf<typeof listGroupsResponse>;
