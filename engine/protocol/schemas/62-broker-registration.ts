import type { MessageOf } from '../schema.ts';
import { array, bool, int16, int32, int64, message, string, uint16, uuid } from '../schema.ts';

/**
 * A broker registers with the controller and gets its epoch (KIP-631).
 * 1: migrating flag. 2: log directories (KIP-858). 3: previous broker epoch (KIP-966). 4: feature ranges that start at 0.
 */
export const brokerRegistrationRequest = message(
  { name: 'BrokerRegistrationRequest', key: 62, versions: '0-4', flexible: '0+' },
  {
    brokerId: int32('0+'),
    clusterId: string('0+'),
    incarnationId: uuid('0+'),
    listeners: array('0+', {
      name: string('0+'),
      host: string('0+'),
      port: uint16('0+'),
      securityProtocol: int16('0+'),
    }),
    features: array('0+', {
      name: string('0+'),
      minSupportedVersion: int16('0+'),
      maxSupportedVersion: int16('0+'),
    }),
    rack: string('0+', { nullable: '0+' }),
    isMigratingZkBroker: bool('1+', { default: false }),
    logDirs: array('2+', 'uuid'),
    previousBrokerEpoch: int64('3+', { default: -1 }),
  },
);
export type BrokerRegistrationRequest = MessageOf<typeof brokerRegistrationRequest>;

export const brokerRegistrationResponse = message(
  { name: 'BrokerRegistrationResponse', key: 62, versions: '0-4', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    brokerEpoch: int64('0+', { default: -1 }),
  },
);
export type BrokerRegistrationResponse = MessageOf<typeof brokerRegistrationResponse>;
