import type { MessageOf } from '../schema.ts';
import { array, bytes, int8, int16, int32, message, string } from '../schema.ts';

/** Sets and removes SCRAM credentials (KIP-554). The client has salted the password: nobody else sees it. */
export const alterUserScramCredentialsRequest = message(
  { name: 'AlterUserScramCredentialsRequest', key: 51, versions: '0', flexible: '0+' },
  {
    deletions: array('0+', { name: string('0+'), mechanism: int8('0+') }),
    upsertions: array('0+', {
      name: string('0+'),
      mechanism: int8('0+'),
      iterations: int32('0+'),
      salt: bytes('0+'),
      saltedPassword: bytes('0+'),
    }),
  },
);
export type AlterUserScramCredentialsRequest = MessageOf<typeof alterUserScramCredentialsRequest>;

export const alterUserScramCredentialsResponse = message(
  { name: 'AlterUserScramCredentialsResponse', key: 51, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    results: array('0+', {
      user: string('0+'),
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
    }),
  },
);
export type AlterUserScramCredentialsResponse = MessageOf<typeof alterUserScramCredentialsResponse>;
