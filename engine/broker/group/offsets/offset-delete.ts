import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { consumerProtocolType } from '../classic/consumer-embedded.ts';
import type { Round } from '../classic/round.ts';
import { emptyRound } from '../classic/round.ts';
import { subscribedTopics } from '../classic/subscribed-topics.ts';
import { isSubscribed } from '../consumer/subscriptions.ts';
import type { GroupPlaces, Place } from '../group-place.ts';
import { exists } from '../group-place.ts';
import type { GroupRecord } from '../group-records.ts';

/** A partition of which the offset is to be forgotten. */
export interface OffsetToDelete {
  readonly topic: string;
  readonly partition: number;
}

/** The group's error code, then one for each partition. */
export interface OffsetDeleteAnswer {
  readonly errorCode: ErrorCode;
  readonly codes: readonly ErrorCode[];
}

/** Forgets offsets of topics that no member reads (KIP-496). */
export async function deleteOffsets(
  places: GroupPlaces,
  groupId: string,
  asked: readonly OffsetToDelete[],
): Promise<OffsetDeleteAnswer> {
  const refuse = (code: ErrorCode): OffsetDeleteAnswer => ({ errorCode: code, codes: [] });
  const place = places.of(groupId);
  if (typeof place === 'number') return refuse(place);
  // What is on its way has to be there to be forgotten.
  await place.shard.writes.whenSettled();
  if (!exists(place)) return refuse(errorCode.GROUP_ID_NOT_FOUND);
  const { stored, soft } = place.shard.state;
  const round = soft.roundOf(groupId) ?? emptyRound;
  if (round.phase === 'Dead') return refuse(errorCode.GROUP_ID_NOT_FOUND);
  const isForeign = round.members.size > 0 && round.protocolType !== consumerProtocolType;
  if (isForeign) return refuse(errorCode.NON_EMPTY_GROUP);
  const isRead = readBy(place, round);
  const codes = asked.map(({ topic }) => (isRead(topic) ? errorCode.GROUP_SUBSCRIBED_TO_TOPIC : errorCode.NONE));
  const offsets = stored.get(groupId)?.offsets;
  const records = asked.flatMap(({ topic, partition }, index): GroupRecord[] => {
    const isThere = codes[index] === errorCode.NONE && offsets?.get(topic)?.has(partition);
    return isThere ? [{ kind: 'offset', place: { groupId, topic, partition }, committed: null }] : [];
  });
  if (records.length === 0) return { errorCode: errorCode.NONE, codes };
  const code = await places.runtime.write(place.shard, records);
  return code === errorCode.NONE ? { errorCode: code, codes } : refuse(code);
}

function readBy({ shard, groupId }: Place, round: Round): (topic: string) => boolean {
  const consumer = shard.state.stored.get(groupId)?.consumer;
  if (consumer) return (topic) => isSubscribed(consumer, topic);
  const topics = subscribedTopics(round);
  return (topic) => !topics || topics.has(topic);
}
