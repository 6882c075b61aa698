import type { Segment } from '../segment/segment.ts';
import type { ProducerState } from './producer-state.ts';

/** Takes note of a batch that stands in `segment`: of its producer, and of the transaction that it aborts. */
export function applyBatch(producers: ProducerState, segment: Segment, buffer: Buffer, at: number): void {
  const completed = producers.apply(buffer, at);
  if (!completed?.isAborted) return;
  segment.aborted.add({ ...completed, lastStableOffset: producers.stableOffsetAfter(completed) });
}
