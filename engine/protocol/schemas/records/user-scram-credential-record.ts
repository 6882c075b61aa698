import type { MessageOf } from '../../schema.ts';
import { bytes, int8, int32, message, string } from '../../schema.ts';

/** What is kept of a user's password for one SCRAM mechanism. */
export const userScramCredentialRecord = message(
  { name: 'UserScramCredentialRecord', key: 11, versions: '0', flexible: '0+' },
  {
    name: string('0+'),
    mechanism: int8('0+'),
    salt: bytes('0+'),
    storedKey: bytes('0+'),
    serverKey: bytes('0+'),
    iterations: int32('0+'),
  },
);
export type UserScramCredentialRecord = MessageOf<typeof userScramCredentialRecord>;
