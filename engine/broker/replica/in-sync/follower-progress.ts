/** What a leader knows of one follower in its current leader epoch. Offsets are -1 until the follower's first fetch. */
export interface FollowerProgress {
  /** Next offset the follower wants: it holds everything below. Acknowledged in this leader epoch, no other counts. */
  readonly endOffset: number;
  readonly startOffset: number;
  /** Last monotonic time (ms) at which the follower was known to hold all that the leader held. */
  readonly lastCaughtUpMs: number;
  readonly lastFetchMs: number;
  /** The leader's end offset when the follower fetched last. */
  readonly leaderEndOffsetAtLastFetch: number;
  /** Incarnation of the follower that fetched (KIP-903); -1 unknown. */
  readonly brokerEpoch: number;
}

/** One fetch of a follower, after its epochs were checked. */
export interface FollowerFetch {
  readonly fetchOffset: number;
  readonly startOffset: number;
  readonly leaderEndOffset: number;
  readonly nowMs: number;
  readonly brokerEpoch: number;
}

/**
 * Progress at the start of a leader epoch: nothing acknowledged yet. A member of the in-sync set counts as caught up
 * now, so that it has the whole lag time to make its first fetch.
 */
export function progressAtElection(inSync: boolean, nowMs: number): FollowerProgress {
  return {
    endOffset: -1,
    startOffset: -1,
    lastCaughtUpMs: inSync ? nowMs : Number.NEGATIVE_INFINITY,
    lastFetchMs: Number.NEGATIVE_INFINITY,
    leaderEndOffsetAtLastFetch: -1,
    brokerEpoch: -1,
  };
}

/**
 * Progress after a fetch. A follower that reached what the leader held at its previous fetch was caught up at that
 * time, even when the leader has appended since: under steady load nobody ever reaches the present end.
 */
export function progressAfterFetch(before: FollowerProgress, fetch: FollowerFetch): FollowerProgress {
  let lastCaughtUpMs = before.lastCaughtUpMs;
  if (fetch.fetchOffset >= fetch.leaderEndOffset) lastCaughtUpMs = fetch.nowMs;
  else if (before.leaderEndOffsetAtLastFetch >= 0 && fetch.fetchOffset >= before.leaderEndOffsetAtLastFetch)
    lastCaughtUpMs = Math.max(lastCaughtUpMs, before.lastFetchMs);
  return {
    endOffset: fetch.fetchOffset,
    startOffset: fetch.startOffset,
    lastCaughtUpMs,
    lastFetchMs: fetch.nowMs,
    leaderEndOffsetAtLastFetch: fetch.leaderEndOffset,
    brokerEpoch: fetch.brokerEpoch,
  };
}

/** The leader's log grew from `endBefore` on: followers that held everything are behind now, and their lag time begins here. */
export function noteCaughtUp(followers: Map<number, FollowerProgress>, endBefore: number, nowMs: number): void {
  for (const [id, progress] of followers)
    if (progress.endOffset === endBefore) followers.set(id, { ...progress, lastCaughtUpMs: nowMs });
}

/** Whether a follower is level with the leader or was so within `lagTimeMaxMs`. */
export function isCaughtUp(
  progress: FollowerProgress,
  now: { readonly leaderEndOffset: number; readonly nowMs: number; readonly lagTimeMaxMs: number },
): boolean {
  return progress.endOffset === now.leaderEndOffset || now.nowMs - progress.lastCaughtUpMs <= now.lagTimeMaxMs;
}
