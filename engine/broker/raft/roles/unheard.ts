import type { Progress } from '../raft-state.ts';

/** What a leader knows of a replica that it has not heard in this term. */
export function unheard(nowMs: number): Progress {
  return { endOffset: -1, lastFetchMs: -1, lastCaughtUpMs: -1, acknowledged: false, beginAtMs: nowMs, attempts: 0 };
}
