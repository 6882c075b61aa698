import type { MessageOf } from '../schema.ts';
import { bytes, int16, int64, message, string } from '../schema.ts';

/** One token of a SASL exchange. 1: how long the session may last (KIP-368). 2: flexible. */
export const saslAuthenticateRequest = message(
  { name: 'SaslAuthenticateRequest', key: 36, versions: '0-2', flexible: '2+' },
  { authBytes: bytes('0+') },
);
export type SaslAuthenticateRequest = MessageOf<typeof saslAuthenticateRequest>;

export const saslAuthenticateResponse = message(
  { name: 'SaslAuthenticateResponse', key: 36, versions: '0-2', flexible: '2+' },
  {
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    authBytes: bytes('0+'),
    sessionLifetimeMs: int64('1+', { default: 0 }),
  },
);
export type SaslAuthenticateResponse = MessageOf<typeof saslAuthenticateResponse>;
