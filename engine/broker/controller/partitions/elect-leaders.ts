import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { ElectLeadersRequest, electLeadersResponse } from '../../../protocol/schemas/43-elect-leaders.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { recordsPerCommandMax } from '../controller-view.ts';
import { planPartitionChange } from './partition-change.ts';
import { partitionRules } from './partition-rules.ts';

type Reply = MessageInput<typeof electLeadersResponse>;
type Row = Reply['replicaElectionResults'][number]['partitionResult'][number];

/** Kafka's `ElectionType`. */
const electionTypes = { preferred: 0, unclean: 1 } as const;

/**
 * Elects leaders (KIP-183, 460): the preferred one where it is in sync, or, for a partition without a leader, any replica that
 * lives, which may lack committed records. Without a list it is tried for every partition, and those at rest have no row.
 */
export function planElectLeaders(view: ControllerView, request: ElectLeadersRequest): Plan<Reply> {
  const { electionType, topicPartitions } = request;
  if (electionType !== electionTypes.preferred && electionType !== electionTypes.unclean)
    return { records: [], reply: { errorCode: errorCode.INVALID_REQUEST, replicaElectionResults: [] } };
  const records: MetadataRecord[] = [];
  const isUnclean = electionType === electionTypes.unclean;
  const elect = (topic: string, partitionId: number) => electOne(view, topic, partitionId, isUnclean, records);
  const replicaElectionResults = topicPartitions
    ? topicPartitions.map(({ topic, partitions }) => ({
        topic,
        partitionResult: partitions.map((partitionId) => elect(topic, partitionId)),
      }))
    : [...view.image.topics.values()].map(({ name, partitions }) => ({
        topic: name,
        partitionResult: partitions
          .map((_, partitionId) => elect(name, partitionId))
          .filter(({ errorCode: code }) => code !== errorCode.ELECTION_NOT_NEEDED),
      }));
  return { records, reply: { errorCode: errorCode.NONE, replicaElectionResults } };
}

function electOne(
  view: ControllerView,
  name: string,
  partitionId: number,
  isUnclean: boolean,
  records: MetadataRecord[],
): Row {
  const row = (code: ErrorCode, errorMessage: string | null) => ({ partitionId, errorCode: code, errorMessage });
  const topic = view.image.topics.get(name);
  if (!topic) return row(errorCode.UNKNOWN_TOPIC_OR_PARTITION, `No such topic as ${name}`);
  const partition = topic.partitions[partitionId];
  if (!partition) return row(errorCode.UNKNOWN_TOPIC_OR_PARTITION, `No such partition as ${name}-${partitionId}`);
  if (isUnclean ? partition.leader !== -1 : partition.leader === partition.replicas[0])
    return row(errorCode.ELECTION_NOT_NEEDED, 'Leader election not needed for topic partition.');
  const record = planPartitionChange({
    ...partitionRules(view, name),
    topicId: topic.id,
    partitionId,
    partition,
    allowUnclean: isUnclean,
    preferred: !isUnclean,
  });
  if (!record) return isUnclean ? row(...noneEligible) : row(...noPreferred);
  if (records.length >= recordsPerCommandMax)
    return row(errorCode.POLICY_VIOLATION, `Expected at most ${recordsPerCommandMax} elections per request.`);
  records.push(record);
  return row(errorCode.NONE, null);
}

const noPreferred = [errorCode.PREFERRED_LEADER_NOT_AVAILABLE, 'The preferred leader was not available.'] as const;
const noneEligible = [
  errorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE,
  'Eligible topic partition leaders are not available.',
] as const;
