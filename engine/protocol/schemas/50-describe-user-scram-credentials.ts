import type { MessageOf } from '../schema.ts';
import { array, int8, int16, int32, message, string } from '../schema.ts';

/** Which SCRAM credentials users have, without what is secret of them (KIP-554). No users: all. */
export const describeUserScramCredentialsRequest = message(
  { name: 'DescribeUserScramCredentialsRequest', key: 50, versions: '0', flexible: '0+' },
  { users: array('0+', { name: string('0+') }, { nullable: '0+' }) },
);
export type DescribeUserScramCredentialsRequest = MessageOf<typeof describeUserScramCredentialsRequest>;

export const describeUserScramCredentialsResponse = message(
  { name: 'DescribeUserScramCredentialsResponse', key: 50, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    results: array('0+', {
      user: string('0+'),
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
      credentialInfos: array('0+', { mechanism: int8('0+'), iterations: int32('0+') }),
    }),
  },
);
export type DescribeUserScramCredentialsResponse = MessageOf<typeof describeUserScramCredentialsResponse>;
