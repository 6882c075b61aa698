import type { MessageOf } from '../schema.ts';
import { array, int16, message, string } from '../schema.ts';

/** Picks a SASL mechanism (KIP-43). 1: the tokens that follow travel in SaslAuthenticate (KIP-152). */
export const saslHandshakeRequest = message(
  { name: 'SaslHandshakeRequest', key: 17, versions: '0-1', flexible: 'none' },
  { mechanism: string('0+') },
);
export type SaslHandshakeRequest = MessageOf<typeof saslHandshakeRequest>;

export const saslHandshakeResponse = message(
  { name: 'SaslHandshakeResponse', key: 17, versions: '0-1', flexible: 'none' },
  { errorCode: int16('0+'), mechanisms: array('0+', 'string') },
);
export type SaslHandshakeResponse = MessageOf<typeof saslHandshakeResponse>;
