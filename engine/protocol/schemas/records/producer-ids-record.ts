import type { MessageOf } from '../../schema.ts';
import { int32, int64, message } from '../../schema.ts';

/** Producer ids below nextProducerId are given away (KIP-730). */
export const producerIdsRecord = message(
  { name: 'ProducerIdsRecord', key: 15, versions: '0', flexible: '0+' },
  {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+', { default: -1 }),
    nextProducerId: int64('0+'),
  },
);
export type ProducerIdsRecord = MessageOf<typeof producerIdsRecord>;
