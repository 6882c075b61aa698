import type { Clock } from '../../../base/clock.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { AddRaftVoterRequest } from '../../../protocol/schemas/80-add-raft-voter.ts';
import type { RemoveRaftVoterRequest } from '../../../protocol/schemas/81-remove-raft-voter.ts';
import type { UpdateRaftVoterRequest } from '../../../protocol/schemas/82-update-raft-voter.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import type { RaftState } from '../../raft/raft-state.ts';
import type { VoterChange, VoterChangeRefusal } from '../../raft/voter-change.ts';
import { planVoterChange } from '../../raft/voter-change.ts';
import type { Voter } from '../../raft/voter-sets.ts';
import type { VoterPlan } from './active-controller.ts';
import { controllerListenerName } from './metadata-batches.ts';

export interface VoterReply {
  readonly errorCode: ErrorCode;
  readonly errorMessage: string | null;
}

export interface VoterCommandsOptions {
  readonly clusterId: string;
  readonly clock: Clock;
  readonly raft: () => RaftState | undefined;
  /** Runs a plan as the active controller; see `ActiveController.changeVoters`. */
  readonly change: (plan: () => VoterPlan<VoterReply>) => Promise<VoterReply>;
}

/** Wait before a change is tried anew that has to wait for another one, or for a new voter to come level. */
const retryMs = 50;
/** Longest time that a change waits, in ms; a new voter may have much to fetch. */
const waitMsMax = 60_000;
/** The same for what has nothing to fetch. */
const shortWaitMsMax = 5_000;

const accepted: VoterReply = { errorCode: errorCode.NONE, errorMessage: null };

/** Changes of the voters of the quorum (KIP-853), on the active controller. */
export class VoterCommands {
  readonly #options: VoterCommandsOptions;

  constructor(options: VoterCommandsOptions) {
    this.#options = options;
  }

  /** Waits until the new voter has fetched everything. */
  add({ clusterId, voterId, voterDirectoryId, listeners, timeoutMs }: AddRaftVoterRequest): Promise<VoterReply> {
    const endpoint = listeners.find(({ name }) => name === controllerListenerName);
    if (!endpoint)
      return refuse(
        errorCode.INVALID_REQUEST,
        `Add voter request didn't include the endpoint for the default listener ListenerName(${controllerListenerName})`,
      );
    const voter = voterOf(voterId, voterDirectoryId, endpoint);
    return this.#run(clusterId, { kind: 'add', voter }, Math.min(Math.max(0, timeoutMs), waitMsMax));
  }

  remove({ clusterId, voterId, voterDirectoryId }: RemoveRaftVoterRequest): Promise<VoterReply> {
    const directoryId = directoryOf(voterDirectoryId);
    return this.#run(clusterId, { kind: 'remove', id: voterId, directoryId }, shortWaitMsMax);
  }

  update({ clusterId, voterId, voterDirectoryId, listeners }: UpdateRaftVoterRequest): Promise<VoterReply> {
    const endpoint = listeners.find(({ name }) => name === controllerListenerName);
    if (!endpoint) return refuse(errorCode.INVALID_REQUEST, 'Update voter request has no endpoint');
    return this.#run(
      clusterId,
      { kind: 'update', voter: voterOf(voterId, voterDirectoryId, endpoint) },
      shortWaitMsMax,
    );
  }

  async #run(clusterId: string | null, change: VoterChange, waitMs: number): Promise<VoterReply> {
    const { clock, change: plan } = this.#options;
    if (clusterId !== null && clusterId !== this.#options.clusterId)
      return { errorCode: errorCode.INCONSISTENT_CLUSTER_ID, errorMessage: null };
    const deadlineMs = clock.monotonic() + waitMs;
    for (;;) {
      let mayWait = false;
      const reply = await plan(() => {
        const outcome = this.#plan(change);
        mayWait = outcome.mayWait;
        return outcome;
      });
      if (!mayWait || clock.monotonic() + retryMs > deadlineMs) return reply;
      await new Promise<void>((resolve) => clock.after(retryMs, resolve));
    }
  }

  #plan(change: VoterChange): VoterPlan<VoterReply> & { readonly mayWait: boolean } {
    const { raft, clock } = this.#options;
    const state = raft();
    const planned = state && planVoterChange(state, change, clock.monotonic());
    if (planned?.ok) return { voters: planned.value, reply: accepted, mayWait: false };
    const why = planned ? planned.error : 'not-leader';
    const [code, errorMessage] = refusals[why];
    const mayWait = why === 'not-ready' || why === 'not-caught-up';
    return { voters: undefined, reply: { errorCode: code, errorMessage }, mayWait };
  }
}

const refusals: Readonly<Record<VoterChangeRefusal, readonly [ErrorCode, string]>> = {
  'not-leader': [errorCode.NOT_CONTROLLER, 'This broker is not the active controller.'],
  'not-ready': [
    errorCode.REQUEST_TIMED_OUT,
    'Request timed out waiting for leader to handle previous voter change request',
  ],
  static: [
    errorCode.UNSUPPORTED_VERSION,
    "Cluster doesn't support changes of voters because the kraft.version feature is 0",
  ],
  duplicate: [errorCode.DUPLICATE_VOTER, 'The voter is already part of the set of voters.'],
  'not-found': [errorCode.VOTER_NOT_FOUND, 'The voter is not part of the set of voters.'],
  'last-voter': [errorCode.INVALID_REQUEST, 'The only voter cannot be removed.'],
  'not-caught-up': [
    errorCode.REQUEST_TIMED_OUT,
    'Request timed out waiting for the new voter to fetch what the leader has',
  ],
};

function voterOf(id: number, directoryId: string, { host, port }: { host: string; port: number }): Voter {
  return { id, directoryId: directoryOf(directoryId), host, port };
}

function directoryOf(uuid: string): string {
  return uuid === zeroUuid ? '' : uuid;
}

async function refuse(code: ErrorCode, errorMessage: string): Promise<VoterReply> {
  return { errorCode: code, errorMessage };
}
