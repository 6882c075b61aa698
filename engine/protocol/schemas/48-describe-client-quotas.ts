import type { MessageOf } from '../schema.ts';
import { array, bool, float64, int8, int16, int32, message, string } from '../schema.ts';

/** Asks for client quotas (KIP-546). Match types: 0 exact, 1 the default, 2 any that is named. 1: flexible. */
export const describeClientQuotasRequest = message(
  { name: 'DescribeClientQuotasRequest', key: 48, versions: '0-1', flexible: '1+' },
  {
    components: array('0+', {
      entityType: string('0+'),
      matchType: int8('0+'),
      match: string('0+', { nullable: '0+' }),
    }),
    strict: bool('0+'),
  },
);
export type DescribeClientQuotasRequest = MessageOf<typeof describeClientQuotasRequest>;

export const describeClientQuotasResponse = message(
  { name: 'DescribeClientQuotasResponse', key: 48, versions: '0-1', flexible: '1+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    entries: array(
      '0+',
      {
        entity: array('0+', { entityType: string('0+'), entityName: string('0+', { nullable: '0+' }) }),
        values: array('0+', { key: string('0+'), value: float64('0+') }),
      },
      { nullable: '0+' },
    ),
  },
);
export type DescribeClientQuotasResponse = MessageOf<typeof describeClientQuotasResponse>;
