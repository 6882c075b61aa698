import type { BrokerSettings } from '../api/configs/broker-settings.ts';
import type { GroupLimits } from '../group/group-limits.ts';

/** The limits of consumer groups, as the broker's settings have them. */
export function groupLimitsFrom(settings: BrokerSettings): GroupLimits {
  return {
    sessionTimeoutMsMin: settings.groupMinSessionTimeoutMs,
    sessionTimeoutMsMax: settings.groupMaxSessionTimeoutMs,
    membersMax: settings.groupMaxSize,
    initialRebalanceDelayMs: settings.groupInitialRebalanceDelayMs,
    metadataBytesMax: settings.offsetMetadataMaxBytes,
  };
}
