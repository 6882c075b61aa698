import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type {
  AllocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from '../../../protocol/schemas/67-allocate-producer-ids.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { newProducerIds } from '../new-record.ts';

/** Producer ids that a broker is given at a time. */
export const producerIdBlockSize = 1_000;

/** Gives a broker a block of producer ids that nobody else will ever get (KIP-730). */
export function planAllocateProducerIds(
  { image }: ControllerView,
  { brokerId, brokerEpoch }: AllocateProducerIdsRequest,
): Plan<MessageInput<typeof allocateProducerIdsResponse>> {
  if (image.brokers.get(brokerId)?.epoch !== brokerEpoch)
    return {
      records: [],
      reply: { errorCode: errorCode.STALE_BROKER_EPOCH, producerIdStart: -1, producerIdLen: 0 },
    };
  const producerIdStart = image.nextProducerId;
  return {
    records: [newProducerIds(brokerId, brokerEpoch, producerIdStart + producerIdBlockSize)],
    reply: { errorCode: errorCode.NONE, producerIdStart, producerIdLen: producerIdBlockSize },
  };
}
