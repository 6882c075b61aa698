import type { MessageOf } from '../schema.ts';
import { array, int16, int32, message, string, uuid } from '../schema.ts';

/** Deletes topics. 4: flexible. 5: error message. 6: by topic id too. */
export const deleteTopicsRequest = message(
  { name: 'DeleteTopicsRequest', key: 20, versions: '1-6', flexible: '4+' },
  {
    topics: array('6+', {
      name: string('6+', { nullable: '6+', default: null }),
      topicId: uuid('6+'),
    }),
    topicNames: array('0-5', 'string'),
    timeoutMs: int32('0+'),
  },
);
export type DeleteTopicsRequest = MessageOf<typeof deleteTopicsRequest>;

export const deleteTopicsResponse = message(
  { name: 'DeleteTopicsResponse', key: 20, versions: '1-6', flexible: '4+' },
  {
    throttleTimeMs: int32('1+', { default: 0 }),
    responses: array('0+', {
      name: string('0+', { nullable: '6+' }),
      topicId: uuid('6+'),
      errorCode: int16('0+'),
      errorMessage: string('5+', { nullable: '5+', default: null }),
    }),
  },
);
export type DeleteTopicsResponse = MessageOf<typeof deleteTopicsResponse>;
