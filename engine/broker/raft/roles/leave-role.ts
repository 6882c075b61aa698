import type { Turn } from '../turn.ts';

/** Ends the current role: fetches that wait at a leader are answered, so that their senders look for the new one. */
export function leaveRole(turn: Turn): void {
  const { role, epoch, highWatermark, log } = turn.state;
  if (role.kind !== 'leader') return;
  for (const { replyTo } of role.waiting.values()) {
    turn.effects.push({
      type: 'reply',
      replyTo,
      reply: {
        type: 'fetch',
        error: 'NOT_LEADER_OR_FOLLOWER',
        epoch,
        leaderId: -1,
        highWatermark,
        startOffset: log.startOffset,
      },
    });
  }
}
