import type { MessageOf } from '../schema.ts';
import { int16, int32, int64, message } from '../schema.ts';

/** A broker takes a block of producer ids from the controller (KIP-730). */
export const allocateProducerIdsRequest = message(
  { name: 'AllocateProducerIdsRequest', key: 67, versions: '0', flexible: '0+' },
  {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+', { default: -1 }),
  },
);
export type AllocateProducerIdsRequest = MessageOf<typeof allocateProducerIdsRequest>;

export const allocateProducerIdsResponse = message(
  { name: 'AllocateProducerIdsResponse', key: 67, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    producerIdStart: int64('0+'),
    producerIdLen: int32('0+'),
  },
);
export type AllocateProducerIdsResponse = MessageOf<typeof allocateProducerIdsResponse>;
