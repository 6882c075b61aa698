import type { LogState } from './log-state.ts';
import { writeSnapshot } from './producers/producer-snapshot.ts';

/** Begins a new segment at the end offset. The old one is synced in the background; a snapshot of the producers starts the new one. */
export function roll(state: LogState): void {
  const { segments, epochs, producers, durability, endOffset } = state;
  const { disk, clock, log, folder, onFailure } = state.options;
  segments.active.finish();
  epochs.save();
  writeSnapshot(disk, folder, endOffset, producers.entries.values());
  segments.roll(endOffset, state.config, clock.now());
  durability.flush(endOffset).catch((error: unknown) => {
    log.error('could not sync a closed segment', { folder, error });
    onFailure?.(error);
  });
}
