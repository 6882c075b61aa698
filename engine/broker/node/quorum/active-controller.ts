import { assert } from '../../../base/assert.ts';
import type { Cancel, Clock } from '../../../base/clock.ts';
import { MillraceError } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { Random } from '../../../base/random.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import { NotControllerError } from '../../api/controller/not-controller-error.ts';
import type { ForwardedClient } from '../../api/forwarded-client.ts';
import { planFenceBroker } from '../../controller/brokers/fence-broker.ts';
import type { ConfigSchema } from '../../controller/configs/config-schema.ts';
import type { ControllerView, Plan } from '../../controller/controller-view.ts';
import { features, supportedFeatures } from '../../controller/features/supported-features.ts';
import { ImageDelta } from '../../controller/image-delta.ts';
import type { MetadataImage } from '../../controller/metadata-image.ts';
import { newFeatureLevel } from '../../controller/new-record.ts';
import { planBalanceLeaders } from '../../controller/partitions/balance-leaders.ts';
import { ControllerMutations } from '../../quota/controller-mutations.ts';
import type { RaftState } from '../../raft/raft-state.ts';
import type { Voter } from '../../raft/voter-sets.ts';
import { BrokerWatch } from './broker-watch.ts';
import { controllerCommands } from './controller-commands.ts';
import { encodeMetadataBatch } from './metadata-batches.ts';
import type { QuorumSettings } from './quorum-settings.ts';

export interface ActiveControllerOptions {
  readonly nodeId: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly settings: QuorumSettings;
  readonly configs: ConfigSchema;
  /** What the metadata of a new cluster hold besides the levels of its features. */
  readonly bootstrapRecords?: readonly MetadataRecord[];
  readonly raft: () => RaftState | undefined;
  readonly committedImage: () => MetadataImage;
  /** Voters that this broker was started with: what a new cluster writes down. */
  readonly firstVoters: readonly Voter[];
  /** Lets these vote from now on; returns the end offset behind the record that says so. */
  readonly changeVoters: (voters: readonly Voter[]) => number;
  /** Appends a batch to the raft log; returns the end offset behind it. */
  readonly append: (batch: Buffer) => number;
}

/** A reply that waits until everything before `offset` is committed. */
interface PendingReply {
  readonly offset: number;
  readonly settle: (isCommitted: boolean) => void;
}

/** What becomes of a wish to change the voters; without voters nothing. */
export interface VoterPlan<Reply> {
  readonly voters: readonly Voter[] | undefined;
  readonly reply: Reply;
}

/** One term as the active controller. */
interface Term {
  readonly epoch: number;
  readonly watch: BrokerWatch;
  /** Everything appended, committed or not. */
  working: MetadataImage;
  pending: PendingReply[];
}

/** Replies that may wait for their commit at a time. */
const pendingRepliesMax = 10_000;
/** A timer that fires this much too late tells of a suspended process. */
const timerLateMsMax = 500;

/**
 * Decides about metadata while this broker leads the quorum: plans a command on the working image, appends its records
 * as one batch, and replies once they are committed. A new leader becomes active when all of the log is committed and
 * applied; when it loses the lead, replies that wait are refused and their outcome is for the next controller to show.
 */
export class ActiveController {
  readonly #options: ActiveControllerOptions;
  #term: Term | undefined;
  #sessionTimer: Cancel | undefined;
  #balanceTimer: Cancel | undefined;
  readonly #mutations: ControllerMutations;

  constructor(options: ActiveControllerOptions) {
    this.#options = options;
    this.#mutations = new ControllerMutations(options.settings.mutationWindowSeconds);
  }

  get isActive(): boolean {
    return this.#term !== undefined;
  }

  /** Plans and appends; resolves with the reply. Rejects with NotControllerError when this is not, or no longer, the active controller. */
  async command(apiKey: number, request: unknown, client?: ForwardedClient): Promise<unknown> {
    const plan = controllerCommands.get(apiKey);
    assert(plan, `api ${apiKey} is a command of the controller`);
    const term = this.#term;
    if (!term) throw new NotControllerError(this.#options.nodeId);
    if (term.pending.length >= pendingRepliesMax)
      throw new MillraceError('CONTROLLER_BUSY', `expected at most ${pendingRepliesMax} commands at a time`, {
        retriable: true,
      });
    const nowMs = this.#options.clock.monotonic();
    const view = this.#view(term);
    const budgetFrom = (strictSinceVersion: number) => this.#budgetOf(view.image, client, strictSinceVersion, nowMs);
    return this.#run(term, plan({ view, watch: term.watch, nowMs, budgetFrom }, request));
  }

  /**
   * Changes the voters as `plan` says, which looks at the moment and may refuse; resolves with its reply, once a change is
   * committed. Rejects with NotControllerError when this is not, or no longer, the active controller.
   */
  async changeVoters<Reply>(plan: () => VoterPlan<Reply>): Promise<Reply> {
    const term = this.#term;
    if (!term) throw new NotControllerError(this.#options.nodeId);
    const { voters, reply } = plan();
    if (!voters) return reply;
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    this.#writeVoters(term, voters);
    term.pending.push({
      offset: term.working.offset + 1,
      settle: (isCommitted) => (isCommitted ? resolve(reply) : reject(new NotControllerError(this.#options.nodeId))),
    });
    if (this.#term === term) this.#settlePending(term);
    else for (const { settle } of term.pending.splice(0)) settle(false);
    return promise;
  }

  /** The record of voters is raft's own: the working image only counts its offset, and the version of raft with the first one. */
  #writeVoters(term: Term, voters: readonly Voter[]): void {
    const isFirst = term.working.featureLevel(features.kraftVersion.name) === 0;
    const delta = new ImageDelta(term.working);
    if (isFirst) delta.apply(newFeatureLevel(features.kraftVersion.name, features.kraftVersion.levelMax));
    term.working = delta.build(term.working.offset + (isFirst ? 2 : 1), term.epoch);
    const { offset } = term.working;
    const endOffset = this.#options.changeVoters(voters);
    assert(endOffset >= offset + 1, `voters up to ${endOffset}, the working image is at ${offset}`);
  }

  /** Raft or the committed image have moved: begins or ends a term, and replies to what is committed. */
  settled(): void {
    const raft = this.#options.raft();
    if (!raft) return;
    const leads = raft.role.kind === 'leader';
    // What is committed in its epoch is this term's own, also when the term ends with it: a voter that removed itself leaves then.
    if (this.#term && raft.epoch === this.#term.epoch) this.#settlePending(this.#term);
    if (this.#term && (!leads || raft.epoch !== this.#term.epoch)) this.#resign(this.#term);
    if (!this.#term && raft.role.kind === 'leader' && this.#isCaughtUp(raft.role.epochStartOffset)) this.#begin(raft);
    if (this.#term) this.#settlePending(this.#term);
  }

  stop(): void {
    if (this.#term) this.#resign(this.#term);
  }

  /** The leader-change record is committed and applied, and with it all that was before. */
  #isCaughtUp(epochStartOffset: number): boolean {
    return this.#options.committedImage().offset >= epochStartOffset;
  }

  #begin({ epoch }: RaftState): void {
    const { clock, settings, committedImage, log, bootstrapRecords = [] } = this.#options;
    const working = committedImage();
    const watch = new BrokerWatch(working, settings.brokerSessionTimeoutMs, clock.monotonic());
    const term: Term = { epoch, watch, working, pending: [] };
    this.#term = term;
    log.info('active controller', { epoch });
    // A cluster that has levels keeps them, also where this build could do more: UpdateFeatures raises them (KIP-584).
    if (working.features.size === 0) {
      const records = supportedFeatures
        .filter(({ name, levelAtFormat }) => levelAtFormat > 0 && name !== features.kraftVersion.name)
        .map(({ name, levelAtFormat }) => newFeatureLevel(name, levelAtFormat));
      this.#append(term, { records: [...records, ...bootstrapRecords], reply: undefined });
      // With the term that the append may have ended, the next one begins here again.
      if (this.#term === term) this.#writeVoters(term, this.#options.firstVoters);
    }
    this.#armSessionTimer(term);
    this.#armBalanceTimer(term);
  }

  #resign(term: Term): void {
    this.#term = undefined;
    this.#sessionTimer?.();
    this.#balanceTimer?.();
    this.#options.log.info('no longer active controller', { epoch: term.epoch });
    for (const { settle } of term.pending.splice(0)) settle(false);
  }

  #budgetOf({ subjects }: MetadataImage, client: ForwardedClient | undefined, strictSince: number, nowMs: number) {
    const who = client && { user: client.principal.name, clientId: client.clientId ?? '' };
    return this.#mutations.budgetOf(subjects.quotas, who, (client?.apiVersion ?? 0) >= strictSince, nowMs);
  }

  #view({ working }: Term): ControllerView {
    const { random, settings, configs } = this.#options;
    return { image: working, nextOffset: working.offset + 1, random, settings: settings.controller, configs };
  }

  /**
   * The reply is booked before the records are appended: an append that took its time makes raft look at its deadlines, and
   * the term may end within it. Whoever waits by then is refused, this command among them.
   */
  #run(term: Term, plan: Plan<unknown>): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const pending: PendingReply = {
      offset: term.working.offset + plan.records.length + 1,
      settle: (isCommitted) =>
        isCommitted ? resolve(plan.reply) : reject(new NotControllerError(this.#options.nodeId)),
    };
    term.pending.push(pending);
    try {
      this.#append(term, plan);
      if (plan.writesVoters && this.#term === term) this.#writeVoters(term, this.#options.firstVoters);
    } catch (error) {
      term.pending = term.pending.filter((other) => other !== pending);
      throw error;
    }
    this.#armSessionTimer(term);
    this.#settlePending(term);
    return promise;
  }

  /** Appends a plan's records as one batch, after they have been applied to the working image. */
  #append(term: Term, { records }: Plan<unknown>): void {
    if (records.length === 0) return;
    const delta = new ImageDelta(term.working);
    for (const record of records) delta.apply(record);
    const lastOffset = term.working.offset + records.length;
    term.working = delta.build(lastOffset, term.epoch);
    const endOffset = this.#options.append(encodeMetadataBatch(records, Math.floor(this.#options.clock.now())));
    assert(endOffset === lastOffset + 1, `appended up to ${endOffset}, the working image is at ${lastOffset}`);
  }

  /** Replies in order, as far as this broker itself has applied the committed records. */
  #settlePending(term: Term): void {
    const committed = this.#options.committedImage().offset;
    const waiting = term.pending.findIndex((pending) => pending.offset > committed + 1);
    const due = term.pending.splice(0, waiting === -1 ? term.pending.length : waiting);
    for (const { settle } of due) settle(true);
  }

  #armSessionTimer(term: Term): void {
    if (this.#term !== term) return;
    const { clock } = this.#options;
    this.#sessionTimer?.();
    const dueMs = term.watch.nextExpiryMs(term.working);
    if (dueMs === undefined) return;
    this.#sessionTimer = clock.after(Math.max(0, Math.ceil(dueMs - clock.monotonic())), () =>
      this.#fenceExpired(term, dueMs),
    );
  }

  #fenceExpired(term: Term, dueMs: number): void {
    if (this.#term !== term) return;
    const { clock, log } = this.#options;
    const nowMs = clock.monotonic();
    if (nowMs - dueMs > timerLateMsMax) term.watch.forgive(nowMs - dueMs);
    for (const broker of term.watch.expired(term.working, nowMs)) {
      // The append for the one before may have ended the term.
      if (this.#term !== term) return;
      log.warn('fence a broker that is not heard', { broker: broker.id, epoch: broker.epoch });
      this.#append(term, planFenceBroker(this.#view(term), broker.id));
    }
    this.#armSessionTimer(term);
  }

  #armBalanceTimer(term: Term): void {
    if (this.#term !== term) return;
    const { clock, settings } = this.#options;
    this.#balanceTimer = clock.after(settings.leaderBalanceIntervalMs, () => {
      if (this.#term !== term) return;
      this.#append(term, planBalanceLeaders(this.#view(term)));
      this.#armBalanceTimer(term);
    });
  }
}
