import type { MessageOf } from '../schema.ts';
import { bytes, int16, message } from '../schema.ts';

/**
 * A request that a broker forwards to the controller for its client (KIP-590); the bytes inside carry their own header.
 */
export const envelopeRequest = message(
  { name: 'EnvelopeRequest', key: 58, versions: '0', flexible: '0+' },
  {
    requestData: bytes('0+'),
    requestPrincipal: bytes('0+', { nullable: '0+' }),
    clientHostAddress: bytes('0+'),
  },
);
export type EnvelopeRequest = MessageOf<typeof envelopeRequest>;

export const envelopeResponse = message(
  { name: 'EnvelopeResponse', key: 58, versions: '0', flexible: '0+' },
  {
    responseData: bytes('0+', { nullable: '0+', default: null }),
    errorCode: int16('0+'),
  },
);
export type EnvelopeResponse = MessageOf<typeof envelopeResponse>;
