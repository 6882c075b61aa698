import type { BrokerSettings } from '../api/configs/broker-settings.ts';
import { assignorsOf, migrationPolicyOf } from '../group/consumer/consumer-settings.ts';
import type { ConsumerGroupLimits } from '../group/consumer/draft.ts';
import type { GroupLimits } from '../group/group-limits.ts';

/** The limits of consumer groups, as the broker's settings have them. */
export function groupLimitsFrom(settings: BrokerSettings): GroupLimits {
  return {
    sessionTimeoutMsMin: settings.groupMinSessionTimeoutMs,
    sessionTimeoutMsMax: settings.groupMaxSessionTimeoutMs,
    membersMax: settings.groupMaxSize,
    initialRebalanceDelayMs: settings.groupInitialRebalanceDelayMs,
    metadataBytesMax: settings.offsetMetadataMaxBytes,
    offsetsRetentionMs: settings.offsetsRetentionMinutes * 60_000,
    offsetsCheckIntervalMs: settings.offsetsRetentionCheckIntervalMs,
  };
}

/** The limits of groups of the consumer protocol: the broker's settings, under what was set for the group itself. */
export function consumerGroupLimitsFrom(
  settings: BrokerSettings,
): (overrides: ReadonlyMap<string, string>) => ConsumerGroupLimits {
  const limits: ConsumerGroupLimits = {
    sessionTimeoutMs: settings.groupConsumerSessionTimeoutMs,
    heartbeatIntervalMs: settings.groupConsumerHeartbeatIntervalMs,
    membersMax: settings.groupConsumerMaxSize,
    classicMembersMax: settings.groupMaxSize,
    assignors: assignorsOf(settings.groupConsumerAssignors),
    migration: migrationPolicyOf(settings.groupConsumerMigrationPolicy),
  };
  const bounded = (text: string | undefined, fallback: number, min: number, max: number): number =>
    text === undefined ? fallback : Math.min(max, Math.max(min, Number(text)));
  return (overrides) => {
    if (overrides.size === 0) return limits;
    const { groupConsumerMinSessionTimeoutMs, groupConsumerMaxSessionTimeoutMs } = settings;
    const { groupConsumerMinHeartbeatIntervalMs, groupConsumerMaxHeartbeatIntervalMs } = settings;
    return {
      ...limits,
      // Bounds may have moved since it was set.
      sessionTimeoutMs: bounded(
        overrides.get('consumer.session.timeout.ms'),
        limits.sessionTimeoutMs,
        groupConsumerMinSessionTimeoutMs,
        groupConsumerMaxSessionTimeoutMs,
      ),
      heartbeatIntervalMs: bounded(
        overrides.get('consumer.heartbeat.interval.ms'),
        limits.heartbeatIntervalMs,
        groupConsumerMinHeartbeatIntervalMs,
        groupConsumerMaxHeartbeatIntervalMs,
      ),
    };
  };
}
