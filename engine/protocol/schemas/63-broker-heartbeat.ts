import type { MessageOf } from '../schema.ts';
import { array, bool, int16, int32, int64, message } from '../schema.ts';

/**
 * Sign of life of a broker; the reply fences, unfences or lets it shut down (KIP-631).
 * 1: offline log directories (KIP-858). 2: cordoned log directories.
 */
export const brokerHeartbeatRequest = message(
  { name: 'BrokerHeartbeatRequest', key: 63, versions: '0-2', flexible: '0+' },
  {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+', { default: -1 }),
    currentMetadataOffset: int64('0+'),
    wantFence: bool('0+'),
    wantShutDown: bool('0+'),
    offlineLogDirs: array('1+', 'uuid', { tag: 0 }),
    cordonedLogDirs: array('2+', 'uuid', { nullable: '2+', default: null, tag: 1 }),
  },
);
export type BrokerHeartbeatRequest = MessageOf<typeof brokerHeartbeatRequest>;

export const brokerHeartbeatResponse = message(
  { name: 'BrokerHeartbeatResponse', key: 63, versions: '0-2', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    isCaughtUp: bool('0+', { default: false }),
    isFenced: bool('0+', { default: true }),
    shouldShutDown: bool('0+'),
  },
);
export type BrokerHeartbeatResponse = MessageOf<typeof brokerHeartbeatResponse>;
