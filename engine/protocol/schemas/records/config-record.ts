import type { MessageOf } from '../../schema.ts';
import { int8, message, string } from '../../schema.ts';

/** One config of a resource; a null value removes it. */
export const configRecord = message(
  { name: 'ConfigRecord', key: 4, versions: '0', flexible: '0+' },
  {
    resourceType: int8('0+'),
    resourceName: string('0+'),
    name: string('0+'),
    value: string('0+', { nullable: '0+' }),
  },
);
export type ConfigRecord = MessageOf<typeof configRecord>;
