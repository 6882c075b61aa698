import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { BrokerHeartbeatRequest, brokerHeartbeatResponse } from '../../../protocol/schemas/63-broker-heartbeat.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { newBrokerChange } from '../new-record.ts';
import { planLeadershipChanges } from '../partitions/leadership-changes.ts';
import type { BrokerRegistration } from './brokers-image.ts';
import { planFenceBroker } from './fence-broker.ts';

type Reply = MessageInput<typeof brokerHeartbeatResponse>;

/** What a broker should be after its heartbeat. */
type NextState = 'fenced' | 'unfenced' | 'controlled-shutdown' | 'shutdown-now';

/** A heartbeat and what the controller knows besides. */
export interface HeartbeatCommand {
  readonly request: BrokerHeartbeatRequest;
  /** Smallest metadata offset that the other active brokers have applied; Infinity when there are none. */
  readonly othersMetadataOffset: number;
  /** Offset of the last record that moved leaderships away from the broker when its shutdown began; -1 unknown. */
  readonly shutdownOffset: number;
}

/**
 * Keeps a broker's session, and moves it between fenced, unfenced and shutting down (KIP-631). A broker is unfenced once
 * it has applied its own registration, and may stop once it leads nothing and the others know that.
 */
export function planBrokerHeartbeat(view: ControllerView, command: HeartbeatCommand): Plan<Reply> {
  const { request } = command;
  const broker = view.image.brokers.get(request.brokerId);
  if (broker?.epoch !== request.brokerEpoch || broker === undefined)
    return {
      records: [],
      reply: { errorCode: errorCode.STALE_BROKER_EPOCH, shouldShutDown: false },
    };
  const next = nextState(view, broker, command);
  return {
    records: transition(view, broker, next),
    reply: {
      errorCode: errorCode.NONE,
      isCaughtUp: request.currentMetadataOffset >= broker.epoch,
      isFenced: next === 'fenced' || next === 'shutdown-now',
      shouldShutDown: next === 'shutdown-now',
    },
  };
}

function nextState(view: ControllerView, broker: BrokerRegistration, command: HeartbeatCommand): NextState {
  const { request, othersMetadataOffset, shutdownOffset } = command;
  const { wantFence, wantShutDown, currentMetadataOffset } = request;
  if (broker.fenced) {
    if (wantShutDown) return 'shutdown-now';
    return !wantFence && currentMetadataOffset >= broker.epoch ? 'unfenced' : 'fenced';
  }
  if (wantFence && !broker.inControlledShutdown) return wantShutDown ? 'shutdown-now' : 'fenced';
  const leads = hasLeadership(view, broker.id);
  if (!broker.inControlledShutdown) return !wantShutDown ? 'unfenced' : leads ? 'controlled-shutdown' : 'shutdown-now';
  // The others must have seen that its leaderships moved, or they would go on sending to it.
  return leads || othersMetadataOffset < shutdownOffset ? 'controlled-shutdown' : 'shutdown-now';
}

function transition(view: ControllerView, broker: BrokerRegistration, next: NextState): readonly MetadataRecord[] {
  switch (next) {
    case 'unfenced':
      if (!broker.fenced) return [];
      return [newBrokerChange(broker, { fenced: false }), ...planLeadershipChanges(view, { joining: broker.id })];
    case 'controlled-shutdown':
      if (broker.inControlledShutdown) return [];
      return [
        newBrokerChange(broker, { inControlledShutdown: true }),
        ...planLeadershipChanges(view, { leaving: broker.id }),
      ];
    default:
      return broker.fenced ? [] : planFenceBroker(view, broker.id).records;
  }
}

function hasLeadership({ image }: ControllerView, brokerId: number): boolean {
  for (const topic of image.topics.values())
    if (topic.partitions.some((partition) => partition.leader === brokerId)) return true;
  return false;
}
