import type { MessageOf } from '../../schema.ts';
import { int8, message, string } from '../../schema.ts';

/** A user has no credential of one SCRAM mechanism any more. */
export const removeUserScramCredentialRecord = message(
  { name: 'RemoveUserScramCredentialRecord', key: 22, versions: '0', flexible: '0+' },
  { name: string('0+'), mechanism: int8('0+') },
);
export type RemoveUserScramCredentialRecord = MessageOf<typeof removeUserScramCredentialRecord>;
