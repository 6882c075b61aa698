import type { MessageOf } from '../../schema.ts';
import { array, int8, int32, int64, message } from '../../schema.ts';

/** A broker was fenced, unfenced or began its shutdown. Fenced: -1 unfenced, 0 no change, 1 fenced. */
export const brokerRegistrationChangeRecord = message(
  { name: 'BrokerRegistrationChangeRecord', key: 17, versions: '0-3', flexible: '0+' },
  {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+'),
    fenced: int8('0+', { tag: 0 }),
    inControlledShutdown: int8('1+', { tag: 1 }),
    logDirs: array('2+', 'uuid', { tag: 2 }),
    cordonedLogDirs: array('3+', 'uuid', { nullable: '3+', default: null, tag: 3 }),
  },
);
export type BrokerRegistrationChangeRecord = MessageOf<typeof brokerRegistrationChangeRecord>;
