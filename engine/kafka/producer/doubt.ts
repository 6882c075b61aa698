import type { Lane, PendingSend } from './lane.ts';
import { sequenceAfter } from './lane.ts';

/**
 * A batch whose answer was lost was refused when it was sent again: too large by now, say, for a limit that was lowered. Its first
 * try may have been written all the same. Its records are sent again in smaller batches that begin with the same number: a broker
 * that has the whole batch answers OUT_OF_ORDER_SEQUENCE_NUMBER to the first of them, one that has not writes it.
 */
export interface Doubt {
  /** Records of the batch that are to be sent again. */
  readonly sends: ReadonlySet<PendingSend>;
  /** The sequence that follows the batch, if it was written. */
  readonly nextSequence: number;
  /** A part of it was refused too after its answer was lost: what is out of order then says nothing. */
  readonly isTwofold: boolean;
}

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

/** How many records at the front of the queue are of the batch in doubt: others must not travel with them. */
export function doubtful({ sends }: Doubt, queue: readonly PendingSend[]): number {
  let count = 0;
  while (count < queue.length && sends.has(queue[count]!)) count++;
  return count;
}

/** Takes the records in doubt out of the lane: those of its batch and those at the front of its queue. */
export function takeDoubtful(lane: Lane): PendingSend[] {
  const sends = [...(lane.batch?.sends ?? []), ...lane.queue.splice(0, doubtful(lane.doubt!, lane.queue))];
  lane.batch = undefined;
  lane.doubt = undefined;
  return sends;
}
