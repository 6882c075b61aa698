import type { MessageOf } from '../../schema.ts';
import { int8, message, string, uuid } from '../../schema.ts';

/** A rule of who may do what. */
export const accessControlEntryRecord = message(
  { name: 'AccessControlEntryRecord', key: 18, versions: '0', flexible: '0+' },
  {
    id: uuid('0+'),
    resourceType: int8('0+'),
    resourceName: string('0+'),
    patternType: int8('0+'),
    principal: string('0+'),
    host: string('0+'),
    operation: int8('0+'),
    permissionType: int8('0+'),
  },
);
export type AccessControlEntryRecord = MessageOf<typeof accessControlEntryRecord>;
