import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type {
  BrokerRegistrationRequest,
  brokerRegistrationResponse,
} from '../../../protocol/schemas/62-broker-registration.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import type { FeatureRange, FeaturesImage } from '../features/features-image.ts';
import { newRegisterBroker } from '../new-record.ts';
import { planLeadershipChanges } from '../partitions/leadership-changes.ts';
import type { BrokerRegistration } from './brokers-image.ts';

type Reply = MessageInput<typeof brokerRegistrationResponse>;

/** A registration request and what the controller knows besides. */
export interface RegisterBrokerCommand {
  readonly request: BrokerRegistrationRequest;
  /** Whether the broker now registered under this id still sends heartbeats. */
  readonly hasValidSession: boolean;
}

/**
 * Registers a start of a broker, fenced until its heartbeats show that it has caught up. The broker epoch is the offset
 * of the record. A start that follows an unclean end takes the broker out of in-sync and eligible sets (KIP-966).
 */
export function planRegisterBroker(view: ControllerView, command: RegisterBrokerCommand): Plan<Reply> {
  const { request } = command;
  const existing = view.image.brokers.get(request.brokerId);
  const code = refusal(view, command, existing);
  if (code !== undefined) return reply(code, -1);
  if (existing?.incarnationId === request.incarnationId) return reply(errorCode.NONE, existing.epoch);
  const listener = request.listeners[0]!;
  const registration: BrokerRegistration = {
    id: request.brokerId,
    epoch: view.nextOffset,
    incarnationId: request.incarnationId,
    host: listener.host,
    port: listener.port,
    endPoints: request.listeners,
    rack: request.rack,
    fenced: true,
    inControlledShutdown: false,
    features: request.features,
    logDirs: request.logDirs,
  };
  const isUnclean = existing !== undefined && request.previousBrokerEpoch !== existing.epoch;
  const leaving = existing ? planLeadershipChanges(view, { leaving: existing.id, isUnclean }) : [];
  return {
    records: [newRegisterBroker(registration), ...leaving],
    reply: { errorCode: errorCode.NONE, brokerEpoch: registration.epoch },
  };
}

function refusal(
  view: ControllerView,
  { request, hasValidSession }: RegisterBrokerCommand,
  existing: BrokerRegistration | undefined,
): ErrorCode | undefined {
  if (request.clusterId !== view.image.clusterId) return errorCode.INCONSISTENT_CLUSTER_ID;
  const listener = request.listeners[0];
  if (!listener) return errorCode.INVALID_REGISTRATION;
  if (lacksFeature(view.image.features, request.features)) return errorCode.UNSUPPORTED_VERSION;
  if (!existing || existing.incarnationId === request.incarnationId) return undefined;
  // Two processes cannot listen on one address: the one that registered before is dead, whatever its session says.
  const isSameAddress = existing.host === listener.host && existing.port === listener.port;
  if (hasValidSession && !existing.inControlledShutdown && !isSameAddress)
    return errorCode.DUPLICATE_BROKER_REGISTRATION;
  return undefined;
}

/** Whether the cluster relies on a level that the broker cannot run with. */
function lacksFeature(finalized: FeaturesImage, ranges: readonly FeatureRange[]): boolean {
  return [...finalized].some(([name, level]) => {
    const range = ranges.find((candidate) => candidate.name === name);
    return !range || level < range.minSupportedVersion || level > range.maxSupportedVersion;
  });
}

function reply(code: ErrorCode, brokerEpoch: number): Plan<Reply> {
  return { records: [], reply: { errorCode: code, brokerEpoch } };
}
