import type { MessageOf } from '../schema.ts';
import { array, bool, int16, int32, message, string } from '../schema.ts';

/** Raises the partition count of topics. 2: flexible. 3: throttling quota (KIP-599). */
export const createPartitionsRequest = message(
  { name: 'CreatePartitionsRequest', key: 37, versions: '0-3', flexible: '2+' },
  {
    topics: array('0+', {
      name: string('0+'),
      count: int32('0+'),
      assignments: array('0+', { brokerIds: array('0+', 'int32') }, { nullable: '0+' }),
    }),
    timeoutMs: int32('0+'),
    validateOnly: bool('0+'),
  },
);
export type CreatePartitionsRequest = MessageOf<typeof createPartitionsRequest>;

export const createPartitionsResponse = message(
  { name: 'CreatePartitionsResponse', key: 37, versions: '0-3', flexible: '2+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    results: array('0+', {
      name: string('0+'),
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+', default: null }),
    }),
  },
);
export type CreatePartitionsResponse = MessageOf<typeof createPartitionsResponse>;
