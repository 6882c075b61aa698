import type { MessageOf } from '../../schema.ts';
import { array, bool, float64, message, string } from '../../schema.ts';

/** One quota of an entity; an entity name of null is the default. */
export const clientQuotaRecord = message(
  { name: 'ClientQuotaRecord', key: 14, versions: '0', flexible: '0+' },
  {
    entity: array('0+', { entityType: string('0+'), entityName: string('0+', { nullable: '0+' }) }),
    key: string('0+'),
    value: float64('0+'),
    remove: bool('0+'),
  },
);
export type ClientQuotaRecord = MessageOf<typeof clientQuotaRecord>;
