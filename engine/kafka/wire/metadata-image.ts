import { errorCode } from '../../protocol/error-codes.ts';
import type { MetadataResponse } from '../../protocol/schemas/03-metadata.ts';
import { zeroUuid } from '../../protocol/uuid.ts';
import { protocolFault, WireFault } from '../kafka-error.ts';
import type { ServerAddress } from '../server-address.ts';
import type { PartitionView, TopicView } from './topic-view.ts';

/** What is known of one topic: its view or its error, and when that was learned (monotonic milliseconds). */
export interface KnownTopic {
  readonly view: TopicView | undefined;
  readonly fault: WireFault | undefined;
  readonly learnedAt: number;
}

/** What a topic was when it was last there, and the ids of those that were deleted under its name. */
interface TopicPast {
  last: TopicView;
  readonly formerIds: Set<string>;
}

/** Deleted topics of one name that are remembered; a broker does not lag behind by more. */
const formerIdsMax = 32;

/**
 * What Metadata answers add up to. Pure: no clock, no network. Brokers learn of changes one after the other, so an answer can be
 * older than the one before: a topic does not go back to a former id, to fewer partitions or to an older leader.
 */
export class MetadataImage {
  readonly topics = new Map<string, KnownTopic>();
  readonly #past = new Map<string, TopicPast>();
  brokers: ReadonlyMap<number, ServerAddress> = new Map();
  clusterId: string | null = null;
  controllerId = -1;

  /** Takes an answer; true when something that matters to callers is different now. */
  apply(answer: MetadataResponse, now: number): boolean {
    let isChanged = this.#applyBrokers(answer);
    for (const topic of answer.topics) {
      if (topic.name === null) continue;
      isChanged = this.#applyTopic(topic.name, topic, now) || isChanged;
    }
    return isChanged;
  }

  /** Notes a broker's hint (KIP-951); false when it tells nothing newer. */
  noteLeader(topic: string, partition: number, leader: number, leaderEpoch: number): boolean {
    const known = this.topics.get(topic);
    const before = known?.view?.partitions[partition];
    if (!known?.view || !before || leader < 0 || leaderEpoch <= before.leaderEpoch) return false;
    const partitions = known.view.partitions.with(partition, { ...before, leader, leaderEpoch });
    this.topics.set(topic, { ...known, view: { ...known.view, partitions } });
    return true;
  }

  /** Nobody asks for the topic any more. */
  forgetTopic(name: string): void {
    this.topics.delete(name);
    this.#past.delete(name);
  }

  noteBroker(nodeId: number, address: ServerAddress): boolean {
    const before = this.brokers.get(nodeId);
    if (before?.host === address.host && before.port === address.port) return false;
    this.brokers = new Map(this.brokers).set(nodeId, address);
    return true;
  }

  /** Back to the bootstrap addresses (KIP-899, KIP-1102): what is known of topics stays until it is asked for anew. */
  forgetBrokers(): void {
    this.brokers = new Map();
  }

  #applyBrokers({ brokers, clusterId, controllerId }: MetadataResponse): boolean {
    this.clusterId = clusterId;
    this.controllerId = controllerId;
    const now = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    const before = this.brokers;
    this.brokers = now;
    if (now.size !== before.size) return true;
    for (const [id, { host, port }] of now)
      if (before.get(id)?.host !== host || before.get(id)?.port !== port) return true;
    return false;
  }

  #applyTopic(name: string, topic: MetadataResponse['topics'][number], now: number): boolean {
    const before = this.topics.get(name);
    // A topic whose partitions are being elected is listed with an error beside its partitions: those count.
    if (topic.errorCode !== 0 && topic.errorCode !== errorCode.LEADER_NOT_AVAILABLE) {
      this.topics.set(name, { view: undefined, fault: topicFault(name, topic.errorCode), learnedAt: now });
      return before?.view !== undefined || before === undefined;
    }
    const past = this.#past.get(name);
    if (before && past?.formerIds.has(topic.topicId)) return false;
    // A hint changes the view and not the past: the newer of the two counts.
    const view = viewOf(name, topic, before?.view ?? past?.last);
    this.topics.set(name, { view, fault: undefined, learnedAt: now });
    this.#remember(name, view, past);
    return !before?.view || !isSame(before.view, view);
  }

  #remember(name: string, view: TopicView, past: TopicPast | undefined): void {
    if (!past) {
      this.#past.set(name, { last: view, formerIds: new Set() });
      return;
    }
    const { id } = past.last;
    past.last = view;
    if (id === view.id || id === zeroUuid || view.id === zeroUuid) return;
    past.formerIds.add(id);
    if (past.formerIds.size > formerIdsMax) past.formerIds.delete(past.formerIds.values().next().value!);
  }
}

/**
 * Leaders with an older epoch than the known one come from a broker that lags behind (KIP-320): the known one stays. So do
 * partitions that are missing: a topic with an id never has fewer than it had.
 */
function viewOf(name: string, topic: MetadataResponse['topics'][number], before: TopicView | undefined): TopicView {
  const known = before?.id === topic.topicId ? before.partitions : [];
  const partitions: PartitionView[] = [];
  const sorted = topic.partitions.toSorted((a, b) => a.partitionIndex - b.partitionIndex);
  for (const { partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes } of sorted) {
    const old = known[partitionIndex];
    const isOlder = old !== undefined && leaderEpoch >= 0 && leaderEpoch < old.leaderEpoch;
    partitions[partitionIndex] = {
      leader: isOlder ? old.leader : leaderId,
      leaderEpoch: isOlder ? old.leaderEpoch : leaderEpoch,
      replicas: replicaNodes,
      isr: isrNodes,
    };
  }
  const count = topic.topicId === zeroUuid ? partitions.length : Math.max(partitions.length, known.length);
  for (let index = 0; index < count; index++) partitions[index] ??= known[index] ?? absentPartition;
  return { name, id: topic.topicId, isInternal: topic.isInternal, partitions };
}

/** A number that the answer left out: a damaged answer, which must not become a hole. */
const absentPartition: PartitionView = { leader: -1, leaderEpoch: -1, replicas: [], isr: [] };

function isSame(a: TopicView, b: TopicView): boolean {
  return (
    a.id === b.id &&
    a.partitions.length === b.partitions.length &&
    a.partitions.every((partition, index) => {
      const other = b.partitions[index]!;
      return partition.leader === other.leader && partition.leaderEpoch === other.leaderEpoch;
    })
  );
}

function topicFault(name: string, code: number): WireFault {
  if (code === errorCode.UNKNOWN_TOPIC_OR_PARTITION)
    return new WireFault('KAFKA_UNKNOWN_TOPIC', `topic "${name}" does not exist`, {
      details: { protocolError: 'UNKNOWN_TOPIC_OR_PARTITION', topic: name },
    });
  const fault = protocolFault(code);
  return new WireFault(fault.code, `topic "${name}": ${fault.message}`, {
    retriable: fault.retriable,
    details: { ...fault.details, topic: name },
  });
}
