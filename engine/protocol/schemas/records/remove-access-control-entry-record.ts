import type { MessageOf } from '../../schema.ts';
import { message, uuid } from '../../schema.ts';

/** A rule holds no longer. */
export const removeAccessControlEntryRecord = message(
  { name: 'RemoveAccessControlEntryRecord', key: 19, versions: '0', flexible: '0+' },
  { id: uuid('0+') },
);
export type RemoveAccessControlEntryRecord = MessageOf<typeof removeAccessControlEntryRecord>;
