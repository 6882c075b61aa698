import type { Doubt, Lane, PendingSend } from './lane.ts';
import { doubtful, sequenceAfter } from './lane.ts';

/** Notes the doubt about a batch of `count` records from `baseSequence` on; `sends` go out again. */
export function doubtAbout(
  before: Doubt | undefined,
  sends: readonly PendingSend[],
  baseSequence: number,
  count: number,
): Doubt | undefined {
  if (sends.length === 0) return undefined;
  return {
    sends: new Set([...sends, ...(before?.sends ?? [])]),
    nextSequence: sequenceAfter(baseSequence, count),
    isTwofold: before !== undefined,
  };
}

/** Takes the records in doubt out of the lane: those of its batch and those at the front of its queue. */
export function takeDoubtful(lane: Lane): PendingSend[] {
  const sends = [...(lane.batch?.sends ?? []), ...lane.queue.splice(0, doubtful(lane.doubt!, lane.queue))];
  lane.batch = undefined;
  lane.doubt = undefined;
  return sends;
}
