import type { MessageInput } from '../../protocol/schema.ts';
import type { FetchResponse, fetchRequest } from '../../protocol/schemas/01-fetch.ts';
import { zeroUuid } from '../../protocol/uuid.ts';
import type { TopicView } from '../wire/topic-view.ts';
import type { SessionTurn } from './fetch-session.ts';
import type { FetchSettings } from './fetch-settings.ts';
import { responseBytesMax } from './fetch-settings.ts';
import type { FetchSource } from './fetch-source.ts';

/** One partition of a fetch: from where it was asked, and what was known of its topic then. */
export interface AskedPartition {
  readonly source: FetchSource;
  readonly offset: number;
  readonly view: TopicView;
}

/** What a response says about a partition that was asked for. */
export interface FetchedRow {
  readonly source: FetchSource;
  readonly offset: number;
  readonly row: FetchResponse['responses'][number]['partitions'][number];
}

/** Partitions keep the order given: brokers fill a response in that order. */
export function fetchRequestOf(
  { fetchMinBytes, isolation, partitionFetchBytesMax, clientRack }: FetchSettings,
  { sessionId, sessionEpoch, partitions, forgotten }: SessionTurn,
  waitMs: number,
): MessageInput<typeof fetchRequest> {
  const topics = new Map<string, RequestTopic>();
  for (const { source, offset, view } of partitions) {
    const { partition } = source.feed;
    let topic = topics.get(view.name);
    if (!topic) {
      topic = { topic: view.name, topicId: view.id, partitions: [] };
      topics.set(view.name, topic);
    }
    topic.partitions.push({
      partition,
      currentLeaderEpoch: view.partitions[partition]?.leaderEpoch ?? -1,
      fetchOffset: offset,
      partitionMaxBytes: partitionFetchBytesMax,
    });
  }
  return {
    maxWaitMs: waitMs,
    minBytes: fetchMinBytes,
    maxBytes: responseBytesMax,
    isolationLevel: isolation === 'read_committed' ? 1 : 0,
    sessionId,
    sessionEpoch,
    topics: [...topics.values()],
    forgottenTopicsData: forgotten.map(({ topic, topicId, partition }) => ({
      topic,
      topicId,
      partitions: [partition],
    })),
    rackId: clientRack ?? '',
  };
}

interface RequestTopic {
  readonly topic: string;
  readonly topicId: string;
  readonly partitions: {
    readonly partition: number;
    readonly currentLeaderEpoch: number;
    readonly fetchOffset: number;
    readonly partitionMaxBytes: number;
  }[];
}

/** The rows of a response with what they were asked for; rows that nobody asked for are left out. */
export function rowsOf(response: FetchResponse, asked: readonly AskedPartition[]): FetchedRow[] {
  const byPlace = new Map<string, AskedPartition>();
  for (const each of asked) {
    byPlace.set(placeKey(each.view.id, each.view.name, each.source.feed.partition, true), each);
    byPlace.set(placeKey(each.view.id, each.view.name, each.source.feed.partition, false), each);
  }
  const rows: FetchedRow[] = [];
  for (const { topic, topicId, partitions } of response.responses) {
    for (const row of partitions) {
      const from = byPlace.get(placeKey(topicId, topic, row.partitionIndex, topicId !== zeroUuid));
      if (from) rows.push({ source: from.source, offset: from.offset, row });
    }
  }
  return rows;
}

/** Newer responses name topics by id, older ones by name. */
const placeKey = (id: string, name: string, partition: number, byId: boolean): string =>
  byId ? `${id} ${partition}` : `${name} ${partition}`;
