import type { MessageOf } from '../../schema.ts';
import { int32, int64, message } from '../../schema.ts';

/** A broker has been removed from the cluster. */
export const unregisterBrokerRecord = message(
  { name: 'UnregisterBrokerRecord', key: 1, versions: '0', flexible: '0+' },
  {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+'),
  },
);
export type UnregisterBrokerRecord = MessageOf<typeof unregisterBrokerRecord>;
