import type { MillraceError } from '../../../engine/base/errors.ts';
import { messageOf } from '../../../engine/base/errors.ts';
import type { GroupSettings } from '../../../engine/kafka/group-settings.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import type declaration from './activity.ts';

/** How a member of a group reads, by the fields of the form. Throws what `fault` makes of a field that cannot be. */
export function groupSettings(
  config: ConfigOfDeclaration<typeof declaration>,
  topics: readonly string[],
  fault: (expected: string) => MillraceError,
): Partial<GroupSettings> & Pick<GroupSettings, 'groupId' | 'topics'> {
  const startAtMs = config.startFrom === 'time' ? Date.parse(config.startTime ?? '') : undefined;
  if (Number.isNaN(startAtMs)) throw fault(`an ISO 8601 time as Start time, found ${config.startTime}`);
  return {
    groupId: config.groupId,
    groupInstanceId: config.staticMemberId || undefined,
    groupProtocol: config.groupProtocol,
    topics,
    topicPattern: config.subscribe === 'pattern' ? patternOf(config.topicPattern ?? '', fault) : undefined,
    isolation: config.delivery === 'exactly-once' ? ('read_committed' as const) : config.isolation,
    startAt: config.startFrom === 'time' ? ('latest' as const) : config.startFrom,
    startAtMs,
    fetchMinBytes: config.fetchMinBytes,
    fetchWaitMsMax: config.fetchWaitMsMax,
    partitionFetchBytesMax: config.partitionFetchBytesMax,
    partitionQueueRecordsMax: config.recordsPerFetchMax,
    sessionWaitMsMax: config.sessionTimeoutMs,
    heartbeatIntervalMs: config.heartbeatIntervalMs,
    commitIntervalMs: config.commitIntervalMs,
    partitionRecordsInFlightMax: config.ordering === 'partition' ? 1 : Number.POSITIVE_INFINITY,
  };
}

function patternOf(text: string, fault: (expected: string) => MillraceError): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (thrown) {
    throw fault(`a regular expression as Topic pattern, found ${text}: ${messageOf(thrown)}`);
  }
}
