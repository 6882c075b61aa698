import type { BrokerRegistration } from '../controller/brokers/brokers-image.ts';

/** Why a broker may not be sent clients yet, or not any more; undefined when it may. */
export function unreadyReason(
  brokerEpoch: number,
  registration: BrokerRegistration | undefined,
  diskReason: string | undefined,
): string | undefined {
  if (brokerEpoch === -1) return 'not registered with a controller yet';
  if (registration?.epoch !== brokerEpoch) return 'catching up with the metadata';
  if (diskReason !== undefined) return diskReason;
  return registration.fenced ? 'fenced by the controller' : undefined;
}
