import { emptyLog, lastEpoch } from '../log-view.ts';
import { otherVoters } from '../raft-settings.ts';
import type { Unattached } from '../raft-state.ts';
import type { Turn } from '../turn.ts';
import { retryDelayMs, send } from '../turn.ts';
import { becomeUnattached } from './unattached.ts';

/** A member that does not vote looks for a leader: it asks one voter after the other for records; each tells who leads. */
export function lookForLeader(turn: Turn, role: Pick<Unattached, 'retries'>): void {
  const voters = otherVoters(turn.state.settings);
  const { epoch, log = emptyLog, settings, highWatermark } = turn.state;
  const retries = role.retries + 1;
  const electionDeadlineMs = turn.nowMs + retryDelayMs(turn, Math.ceil(retries / Math.max(1, voters.length)));
  becomeUnattached(turn, epoch, { electionDeadlineMs, retries });
  const asked = voters[retries % voters.length];
  if (asked === undefined) return;
  send(turn, asked, {
    type: 'fetch',
    replicaId: settings.nodeId,
    directoryId: settings.directoryId,
    epoch,
    offset: log.endOffset,
    lastEpoch: lastEpoch(log),
    highWatermark,
    waitMsMax: 0,
  });
}
