import type { MessageOf } from '../schema.ts';
import { array, bool, float64, int16, int32, message, string } from '../schema.ts';

/** Sets and removes client quotas (KIP-546). An entity name of null is the default. 1: flexible. */
export const alterClientQuotasRequest = message(
  { name: 'AlterClientQuotasRequest', key: 49, versions: '0-1', flexible: '1+' },
  {
    entries: array('0+', {
      entity: array('0+', { entityType: string('0+'), entityName: string('0+', { nullable: '0+' }) }),
      ops: array('0+', { key: string('0+'), value: float64('0+'), remove: bool('0+') }),
    }),
    validateOnly: bool('0+'),
  },
);
export type AlterClientQuotasRequest = MessageOf<typeof alterClientQuotasRequest>;

export const alterClientQuotasResponse = message(
  { name: 'AlterClientQuotasResponse', key: 49, versions: '0-1', flexible: '1+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    entries: array('0+', {
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
      entity: array('0+', { entityType: string('0+'), entityName: string('0+', { nullable: '0+' }) }),
    }),
  },
);
export type AlterClientQuotasResponse = MessageOf<typeof alterClientQuotasResponse>;
