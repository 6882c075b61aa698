import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type {
  UnregisterBrokerRequest,
  unregisterBrokerResponse,
} from '../../../protocol/schemas/64-unregister-broker.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { newUnregisterBroker } from '../new-record.ts';
import { planLeadershipChanges } from '../partitions/leadership-changes.ts';

type Reply = MessageInput<typeof unregisterBrokerResponse>;

/**
 * Takes a broker out of the metadata for good (KIP-500). It leaves the in-sync and the eligible sets; as a replica it stays until
 * its partitions are reassigned. One that still runs registers anew with its next heartbeat.
 */
export function planUnregisterBroker(view: ControllerView, { brokerId }: UnregisterBrokerRequest): Plan<Reply> {
  const broker = view.image.brokers.get(brokerId);
  if (!broker) {
    const errorMessage = `Broker ID ${brokerId} is not currently registered`;
    return { records: [], reply: { errorCode: errorCode.BROKER_ID_NOT_REGISTERED, errorMessage } };
  }
  // What it holds is of no more use: nobody could tell an end in order from another one once its registration is gone.
  const changes = planLeadershipChanges(view, { leaving: brokerId, isUnclean: true });
  return {
    records: [...changes, newUnregisterBroker(broker)],
    reply: { errorCode: errorCode.NONE, errorMessage: null },
  };
}
