import { apis } from '../../protocol/api-keys.ts';
import type { OffsetFetchResponse } from '../../protocol/schemas/09-offset-fetch.ts';
import { protocolFault } from '../kafka-error.ts';
import type { AdminContext } from './admin-context.ts';
import { coordinated } from './admin-context.ts';

/** Last version that names topics in its answer. */
const versionWithNames = 9;

/** One committed offset of a group. */
export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Records that are not dealt with, where the cluster counts them itself: in share groups not all behind the offset. */
  readonly lag?: number | undefined;
}

/** Everything that a group has committed; a partition with an error is left out. */
export function committedOffsets(context: AdminContext, group: string): Promise<CommittedOffset[]> {
  return coordinated(context, group, async (broker) => {
    const body = { groupId: group, topics: null, groups: [{ groupId: group, topics: null }] };
    const answer = await context.client.request(broker, apis.offsetFetch, body, { versionMax: versionWithNames });
    // Up to version 7 there is one group, and its rows stand in the answer itself.
    const { errorCode, topics }: Pick<OffsetFetchResponse, 'errorCode' | 'topics'> = answer.groups[0] ?? answer;
    if (errorCode !== 0) throw protocolFault(errorCode);
    return topics.flatMap(({ name, partitions }) =>
      partitions
        .filter((row) => row.errorCode === 0 && row.committedOffset >= 0)
        .map(({ partitionIndex, committedOffset }) => ({
          topic: name,
          partition: partitionIndex,
          offset: Number(committedOffset),
        })),
    );
  });
}
