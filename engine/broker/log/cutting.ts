import { assert } from '../../base/assert.ts';
import type { LogState } from './log-state.ts';
import { loadProducers } from './producers/producer-loader.ts';
import { snapshotOffsets, snapshotPath } from './producers/producer-snapshot.ts';
import { removeStartOffset } from './start-offset-file.ts';

/** Drops every batch that holds or follows `offset`; does nothing but to the epochs when the log ends before it. */
export function truncateTo(state: LogState, offset: number): void {
  assert(offset >= 0, `truncate to ${offset}`);
  if (offset < state.segments.first.baseOffset) {
    startAnew(state, offset);
    return;
  }
  state.epochs.truncateFromEnd(offset);
  if (offset < state.endOffset) cut(state, offset);
  state.epochs.save();
}

function cut(state: LogState, offset: number): void {
  const { segments, epochs, producers, durability } = state;
  const { disk, folder } = state.options;
  durability.cut(offset);
  if (state.cleanedOffset !== undefined) state.cleanedOffset = Math.min(state.cleanedOffset, offset);
  const left = segments.truncateTo(offset);
  // A batch that straddles `offset` goes as a whole, and then the log ends earlier; a compacted log may end in a gap.
  state.endOffset = state.config.isCompacted ? offset : Math.min(offset, left);
  if (state.endOffset < state.startOffset) {
    startAnew(state, state.endOffset);
    return;
  }
  durability.cut(state.endOffset);
  epochs.truncateFromEnd(state.endOffset);
  const snapshots = snapshotOffsets(disk.list(folder));
  loadProducers({ disk, folder, segments, snapshots }, state.endOffset, producers);
}

/** Drops everything and starts anew at `offset`: a follower whose leader no longer has its records. */
export function startAnew(state: LogState, offset: number): void {
  const { disk, folder, clock } = state.options;
  state.durability.startedAnew(offset);
  state.endOffset = offset;
  state.startOffset = offset;
  state.cleanedOffset = undefined;
  state.segments.startAnew(offset, state.config, clock.now());
  for (const snapshot of snapshotOffsets(disk.list(folder))) disk.remove(snapshotPath(folder, snapshot));
  removeStartOffset(disk, folder);
  state.epochs.clear();
  state.epochs.save();
  state.producers.reset(offset);
}
