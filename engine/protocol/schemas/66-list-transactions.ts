import type { MessageOf } from '../schema.ts';
import { array, int16, int32, int64, int64Clamped, message, string } from '../schema.ts';

/** The transactional ids of a coordinator (KIP-664). 1: open for at least as long (KIP-994). 2: names by pattern (KIP-1152). */
export const listTransactionsRequest = message(
  { name: 'ListTransactionsRequest', key: 66, versions: '0-2', flexible: '0+' },
  {
    stateFilters: array('0+', 'string'),
    producerIdFilters: array('0+', 'int64Clamped'),
    durationFilter: int64Clamped('1+', { default: -1 }),
    transactionalIdPattern: string('2+', { nullable: '2+', default: null }),
  },
);
export type ListTransactionsRequest = MessageOf<typeof listTransactionsRequest>;

export const listTransactionsResponse = message(
  { name: 'ListTransactionsResponse', key: 66, versions: '0-2', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    unknownStateFilters: array('0+', 'string'),
    transactionStates: array('0+', {
      transactionalId: string('0+'),
      producerId: int64('0+'),
      transactionState: string('0+'),
    }),
  },
);
export type ListTransactionsResponse = MessageOf<typeof listTransactionsResponse>;
