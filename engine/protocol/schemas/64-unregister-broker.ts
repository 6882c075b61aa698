import type { MessageOf } from '../schema.ts';
import { int16, int32, message, string } from '../schema.ts';

/** Takes a broker that is gone for good out of the metadata (KIP-500). */
export const unregisterBrokerRequest = message(
  { name: 'UnregisterBrokerRequest', key: 64, versions: '0', flexible: '0+' },
  {
    brokerId: int32('0+'),
  },
);
export type UnregisterBrokerRequest = MessageOf<typeof unregisterBrokerRequest>;

export const unregisterBrokerResponse = message(
  { name: 'UnregisterBrokerResponse', key: 64, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
  },
);
export type UnregisterBrokerResponse = MessageOf<typeof unregisterBrokerResponse>;
