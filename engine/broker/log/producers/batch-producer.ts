import * as layout from '../../../records/batch-layout.ts';

/** Whose a batch is, as its header says. */
export interface BatchProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

/** The producer of a batch that is part of a transaction; undefined for any other, and for bytes that are no whole header. */
export function transactionalProducerOf(records: Buffer): BatchProducer | undefined {
  if (records.length < layout.batchHeaderBytes || layout.magicOf(records, 0) !== layout.currentMagic) return undefined;
  if (!layout.isTransactional(records, 0)) return undefined;
  const producerId = layout.producerIdOf(records, 0);
  if (producerId < 0) return undefined;
  return {
    producerId,
    producerEpoch: layout.producerEpochOf(records, 0),
    baseSequence: layout.baseSequenceOf(records, 0),
  };
}
