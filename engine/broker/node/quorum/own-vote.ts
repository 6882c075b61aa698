import type { Cancel, Clock } from '../../../base/clock.ts';
import { messageOf } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import { apis } from '../../../protocol/api-keys.ts';
import { errorCode, errorName } from '../../../protocol/error-codes.ts';
import type { ControllerGateway } from '../../api/controller/controller-gateway.ts';
import type { RaftState } from '../../raft/raft-state.ts';
import type { Voter } from '../../raft/voter-sets.ts';
import { latestVoters } from '../../raft/voter-sets.ts';
import { controllerListenerName } from './metadata-batches.ts';

export interface OwnVoteOptions {
  readonly clusterId: string;
  /** This broker as a voter. */
  readonly self: Voter;
  /** Whether it joins the voters by itself (`controller.quorum.auto.join.enable`, KIP-853). */
  readonly joins: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly controller: ControllerGateway;
  readonly raft: () => RaftState | undefined;
}

const retryMs = 500;
const retryMsMax = 10_000;

/**
 * Sees to it that what the log says of this broker as a voter is true: its disk and where it is reached. One that is no voter and
 * is to become one asks for it once it follows a leader.
 */
export class OwnVote {
  readonly #options: OwnVoteOptions;
  #cancel: Cancel | undefined;
  #isAsking = false;
  #isStopped = false;
  /** It has been a voter in this run. */
  #hasVoted = false;
  #failures = 0;

  constructor(options: OwnVoteOptions) {
    this.#options = options;
  }

  /** Raft has moved. */
  settled(): void {
    if (this.#isAsking || this.#cancel || this.#isStopped || !this.#due()) return;
    void this.#ask();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  #due(): 'add' | 'update' | undefined {
    const { self, joins, raft } = this.#options;
    const state = raft();
    const voters = state && latestVoters(state);
    // Before anything is known to be committed, what the log says may be old or go again.
    if (!voters || state.leaderId === -1 || (state.voterSets.at(-1)?.offset ?? 0) >= state.highWatermark)
      return undefined;
    const known = voters.find(({ id }) => id === self.id);
    // One that was taken out meanwhile stays out: somebody wants it so.
    if (!known) return joins && !this.#hasVoted ? 'add' : undefined;
    this.#hasVoted = true;
    const isOtherDisk = known.directoryId !== '' && known.directoryId !== self.directoryId;
    const isTrue = known.directoryId !== '' && known.host === self.host && known.port === self.port;
    return isTrue || isOtherDisk ? undefined : 'update';
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    const { log, clock } = this.#options;
    let reason = '';
    try {
      const code = this.#due() === 'add' ? await this.#add() : await this.#update();
      if (code !== errorCode.NONE) reason = errorName(code) ?? String(code);
    } catch (error) {
      reason = messageOf(error);
    }
    this.#isAsking = false;
    if (this.#isStopped) return;
    if (!reason) this.#hasVoted = true;
    if (reason) log.info('the quorum has not taken this broker’s vote', { reason });
    this.#failures = reason ? this.#failures + 1 : 0;
    const waitMs = Math.min(retryMsMax, retryMs * 2 ** Math.min(10, this.#failures));
    this.#cancel = clock.after(waitMs, () => {
      this.#cancel = undefined;
      this.settled();
    });
  }

  async #add(): Promise<number> {
    const { controller, clusterId, self } = this.#options;
    const request = {
      clusterId,
      timeoutMs: 5_000,
      voterId: self.id,
      voterDirectoryId: self.directoryId,
      listeners: [this.#listener()],
    };
    return (await controller.submit(apis.addRaftVoter, request)).errorCode;
  }

  async #update(): Promise<number> {
    const { controller, clusterId, self, raft } = this.#options;
    const request = {
      clusterId,
      currentLeaderEpoch: raft()?.epoch ?? -1,
      voterId: self.id,
      voterDirectoryId: self.directoryId,
      listeners: [this.#listener()],
      kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
    };
    return (await controller.submit(apis.updateRaftVoter, request)).errorCode;
  }

  #listener() {
    const { host, port } = this.#options.self;
    return { name: controllerListenerName, host, port };
  }
}
