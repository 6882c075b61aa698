import type { MessageOf } from '../../schema.ts';
import { array, int16, int32, int64, message, uint32 } from '../../schema.ts';

/** Content of a producer snapshot file after its int16 version. The crc covers the bytes behind it. */
export const producerSnapshot = message(
  { name: 'ProducerSnapshot', versions: '1', flexible: 'none' },
  {
    crc: uint32('1'),
    producerEntries: array('1', {
      producerId: int64('1'),
      epoch: int16('1'),
      lastSequence: int32('1'),
      lastOffset: int64('1'),
      offsetDelta: int32('1'),
      timestamp: int64('1'),
      coordinatorEpoch: int32('1'),
      currentTxnFirstOffset: int64('1'),
    }),
  },
);
export type ProducerSnapshot = MessageOf<typeof producerSnapshot>;
