import { apis } from '../../protocol/api-keys.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import type { ProduceResponse, produceRequest } from '../../protocol/schemas/00-produce.ts';
import { zeroUuid } from '../../protocol/uuid.ts';
import type { MetadataCache } from '../wire/metadata-cache.ts';
import type { Lane } from './lane.ts';
import type { ProduceRow } from './outcome.ts';

/** Lanes with a batch each that go to one broker in one request. */
export interface ProduceGroup {
  readonly leader: number;
  readonly lanes: Lane[];
  bytes: number;
}

/** Last version that names topics; later ones want ids. */
const versionWithNames = 12;

/** Topics without an id can only be named. @param versionMax what the transaction wants, if there is one */
export function produceVersionMax({ lanes }: ProduceGroup, versionMax: number | undefined): number | undefined {
  const isNamed = lanes.some(({ batch }) => batch!.topicId === zeroUuid);
  return isNamed ? Math.min(versionMax ?? versionWithNames, versionWithNames) : versionMax;
}

/** The body of a Produce request, for any version: names and ids both. */
export function produceBody(
  { lanes }: ProduceGroup,
  acks: number,
  timeoutMs: number,
  transactionalId: string | null,
): MessageInput<typeof produceRequest> {
  const topicData: { name: string; topicId: string; partitionData: { index: number; records: Buffer }[] }[] = [];
  for (const { topic, partition, batch } of lanes) {
    let entry = topicData.at(-1);
    if (entry?.name !== topic) entry = topicData.find(({ name }) => name === topic);
    if (!entry) {
      entry = { name: topic, topicId: batch!.topicId, partitionData: [] };
      topicData.push(entry);
    }
    entry.partitionData.push({ index: partition, records: batch!.bytes });
  }
  return { transactionalId, acks, timeoutMs, topicData };
}

/** Each lane's row, undefined where the answer has none; hints about leaders go to the metadata (KIP-951). */
export function rowsOf(
  { lanes }: ProduceGroup,
  answer: ProduceResponse,
  metadata: MetadataCache,
): (ProduceRow | undefined)[] {
  const rows = new Map<string, ProduceResponse['responses'][number]['partitionResponses'][number]>();
  for (const { name, topicId, partitionResponses } of answer.responses)
    for (const row of partitionResponses) rows.set(`${topicId === zeroUuid ? name : topicId}/${row.index}`, row);
  return lanes.map(({ topic, partition, batch }) => {
    const row = rows.get(`${batch!.topicId}/${partition}`) ?? rows.get(`${topic}/${partition}`);
    if (row && row.errorCode !== 0 && row.currentLeader.leaderId >= 0) {
      const { leaderId, leaderEpoch } = row.currentLeader;
      const endpoint = answer.nodeEndpoints.find(({ nodeId }) => nodeId === leaderId);
      metadata.noteLeader(topic, partition, leaderId, leaderEpoch, endpoint);
    }
    return row;
  });
}

export const produceApi = apis.produce;
