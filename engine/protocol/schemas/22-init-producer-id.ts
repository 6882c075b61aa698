import type { MessageOf } from '../schema.ts';
import { bool, int16, int32, int64, int64Clamped, message, string } from '../schema.ts';

/**
 * Producer id and epoch, for idempotent and transactional producers.
 * 2: flexible. 3: current id and epoch (KIP-360). 4-5: error codes only. 6: two-phase commit (KIP-939), not yet stable in
 * Apache Kafka and therefore not advertised.
 */
export const initProducerIdRequest = message(
  { name: 'InitProducerIdRequest', key: 22, versions: '0-6', flexible: '2+' },
  {
    transactionalId: string('0+', { nullable: '0+' }),
    transactionTimeoutMs: int32('0+'),
    producerId: int64Clamped('3+', { default: -1 }),
    producerEpoch: int16('3+', { default: -1 }),
    enable2Pc: bool('6+', { default: false }),
    keepPreparedTxn: bool('6+', { default: false }),
  },
);
export type InitProducerIdRequest = MessageOf<typeof initProducerIdRequest>;

export const initProducerIdResponse = message(
  { name: 'InitProducerIdResponse', key: 22, versions: '0-6', flexible: '2+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    producerId: int64('0+', { default: -1 }),
    producerEpoch: int16('0+'),
    ongoingTxnProducerId: int64('6+', { default: -1 }),
    ongoingTxnProducerEpoch: int16('6+', { default: -1 }),
  },
);
export type InitProducerIdResponse = MessageOf<typeof initProducerIdResponse>;
