import type { Clock } from '../../../base/clock.ts';
import type { Disk } from '../../../base/disk.ts';
import type { Log } from '../../../base/log.ts';
import type { Random } from '../../../base/random.ts';
import { apis } from '../../../protocol/api-keys.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { DescribeQuorumRequest } from '../../../protocol/schemas/55-describe-quorum.ts';
import type { AddRaftVoterRequest } from '../../../protocol/schemas/80-add-raft-voter.ts';
import type { RemoveRaftVoterRequest } from '../../../protocol/schemas/81-remove-raft-voter.ts';
import type { UpdateRaftVoterRequest } from '../../../protocol/schemas/82-update-raft-voter.ts';
import type { ControllerGateway } from '../../api/controller/controller-gateway.ts';
import { NotControllerError } from '../../api/controller/not-controller-error.ts';
import type { ForwardedClient } from '../../api/forwarded-client.ts';
import type { QuorumServices, RaftAnswer } from '../../api/quorum/quorum-services.ts';
import type { ConfigSchema } from '../../controller/configs/config-schema.ts';
import type { MetadataImage } from '../../controller/metadata-image.ts';
import type { RaftRequest } from '../../raft/raft-message.ts';
import type { RaftState } from '../../raft/raft-state.ts';
import type { Voter } from '../../raft/voter-sets.ts';
import { latestVoters } from '../../raft/voter-sets.ts';
import type { HostPort, VoterEndpoint } from '../config/broker-config.ts';
import { ActiveController } from './active-controller.ts';
import { describeQuorum } from './describe-quorum.ts';
import { ForwardingGateway } from './forwarding-gateway.ts';
import type { ImageListener } from './image-loader.ts';
import { ImageLoader } from './image-loader.ts';
import { MetadataLog, metadataLogName } from './metadata-log.ts';
import { OwnVote } from './own-vote.ts';
import type { PeerRequest } from './peer-request.ts';
import type { QuorumSettings } from './quorum-settings.ts';
import { QuorumStateFile } from './quorum-state-file.ts';
import { RaftDriver } from './raft-driver.ts';
import { RaftSender } from './raft-sender.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { VoterCommands } from './voter-commands.ts';

/** Callers that may wait for a change of the metadata at a time; more are told at once that it has not come. */
const waitsMax = 1_000;

export interface QuorumNodeOptions {
  readonly nodeId: number;
  readonly clusterId: string;
  /** Voters as this broker was told, with where they are reached; the log's own word counts more. */
  readonly voters: readonly VoterEndpoint[];
  /** Where other voters reach this one. */
  readonly address: HostPort;
  /** Names this broker's disk. */
  readonly directoryId: string;
  readonly dataFolder: string;
  readonly settings: QuorumSettings;
  readonly configs: ConfigSchema;
  /** Written into metadata that are empty; left out: nothing. */
  readonly bootstrapRecords?: readonly MetadataRecord[];
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly request: PeerRequest;
  /** The quorum cannot go on: a disk that fails, or a broken invariant. Nothing was lost that had been acknowledged. */
  readonly onFatal: (error: Error) => void;
}

/** A broker's part in the metadata quorum: its raft member, its copy of the metadata, and the controller while it leads. */
export class QuorumNode implements QuorumServices {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly configs: ConfigSchema;
  readonly #options: QuorumNodeOptions;
  readonly #log: MetadataLog;
  readonly #snapshots: SnapshotStore;
  readonly #driver: RaftDriver;
  readonly #images: ImageLoader;
  readonly #controller: ActiveController;
  readonly #gateway: ForwardingGateway;
  readonly #voters: VoterCommands;
  readonly #ownVote: OwnVote;
  readonly #waits = new Set<(image: MetadataImage) => void>();
  #started: Promise<void> = Promise.resolve();
  #isStopped = false;
  /** Epoch, leader and activity as last told to the gateway. */
  #standing = '';

  constructor(options: QuorumNodeOptions) {
    const { nodeId, clusterId, directoryId, disk, clock, random, settings, request, dataFolder } = options;
    const voters = options.voters.map(({ id }) => id);
    const log = options.log.with({ part: 'quorum' });
    const folder = `${dataFolder}/${metadataLogName}`;
    this.nodeId = nodeId;
    this.clusterId = clusterId;
    this.configs = options.configs;
    this.#options = options;
    this.#log = new MetadataLog({ disk, clock, log, folder, segmentBytes: settings.segmentBytes });
    this.#snapshots = new SnapshotStore(disk, folder);
    this.#images = new ImageLoader(this.#log, this.#snapshots, clusterId);
    this.#images.onImage((image) => {
      for (const check of [...this.#waits]) check(image);
    });
    const { requestTimeoutMs, fetchBytesMax } = settings;
    this.#driver = new RaftDriver({
      settings: { ...settings.raft, nodeId, directoryId, voters },
      fetchBytesMax,
      clock,
      random,
      log,
      metadataLog: this.#log,
      stateFile: new QuorumStateFile(disk, folder, voters),
      snapshots: this.#snapshots,
      sender: new RaftSender({ clusterId, requestTimeoutMs, fetchBytesMax, request }),
      onInstalled: (id) => this.#images.install(id),
      onSettled: () => this.#settled(),
      onFatal: options.onFatal,
    });
    this.#controller = new ActiveController({
      nodeId,
      clock,
      random,
      log,
      settings,
      configs: options.configs,
      bootstrapRecords: options.bootstrapRecords ?? [],
      raft: () => this.#driver.state,
      committedImage: () => this.#images.image,
      append: (batch) => this.#driver.appendAsLeader(batch),
      firstVoters: options.voters.map((voter) => ({ ...voter, directoryId: voter.id === nodeId ? directoryId : '' })),
      changeVoters: (next) => this.#driver.changeVoters(next),
    });
    this.#gateway = new ForwardingGateway({
      nodeId,
      clock,
      request,
      submitTimeoutMs: settings.submitTimeoutMs,
      requestTimeoutMs: settings.requestTimeoutMs,
      leaderId: () => this.leaderId,
      runHere: (...command) => this.command(...command),
    });
    const raft = () => this.#driver.state;
    this.#voters = new VoterCommands({
      clusterId,
      clock,
      raft,
      change: (plan) => this.#controller.changeVoters(plan),
    });
    const self = { id: nodeId, directoryId, ...options.address };
    const { joinsVoters: joins } = settings;
    this.#ownVote = new OwnVote({ clusterId, self, joins, clock, log, controller: this.#gateway, raft });
  }

  /** The committed metadata, as far as this broker has it. */
  get image(): MetadataImage {
    return this.#images.image;
  }

  /** Where a broker that joined the cluster later is reached: where it registered, or as the voter that the log names. */
  addressOf(id: number): HostPort | undefined {
    const { state } = this.#driver;
    return this.image.brokers.get(id) ?? (state && latestVoters(state)?.find((voter) => voter.id === id));
  }

  /** The quorum's leader as far as this broker knows, which is the active controller or about to be; -1 for none. */
  get leaderId(): number {
    return this.#driver.state?.leaderId ?? -1;
  }

  /** How long this broker has heard nothing of the quorum, in ms: its metadata may be that old. */
  get silentMs(): number {
    return this.#driver.silentMs;
  }

  get isActiveController(): boolean {
    return this.#controller.isActive;
  }

  /** Raft's state, for DescribeQuorum and metrics; undefined before the log is recovered. */
  get raftState(): RaftState | undefined {
    return this.#driver.state;
  }

  /** Hands requests to the active controller, wherever it is. */
  get gateway(): ControllerGateway {
    return this.#gateway;
  }

  /** `listener` is called with every new committed image, in order, from the next one on. */
  onImage(listener: ImageListener): void {
    this.#images.onImage(listener);
  }

  /** Recovers the log and joins the quorum. Resolves when the member answers; an election may still be under way. */
  start(): Promise<void> {
    this.#started = this.#start();
    return this.#started;
  }

  async #start(): Promise<void> {
    try {
      const snapshot = this.#snapshots.newest();
      if (snapshot) this.#images.install(snapshot);
      await this.#driver.start();
    } catch (error) {
      this.#options.onFatal(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** A peer's raft request. */
  async ask(request: RaftRequest): Promise<RaftAnswer> {
    await this.#started;
    return this.#driver.ask(request);
  }

  /** Runs a command as the active controller. Rejects with NotControllerError when this broker is not. */
  command(apiKey: number, request: unknown, client?: ForwardedClient): Promise<unknown> {
    if (this.#isStopped) return Promise.reject(new NotControllerError(this.nodeId));
    if (apiKey === apis.describeQuorum.key) return this.#describe(request as DescribeQuorumRequest);
    if (apiKey === apis.addRaftVoter.key) return this.#voters.add(request as AddRaftVoterRequest);
    if (apiKey === apis.removeRaftVoter.key) return this.#voters.remove(request as RemoveRaftVoterRequest);
    if (apiKey === apis.updateRaftVoter.key) return this.#voters.update(request as UpdateRaftVoterRequest);
    return this.#controller.command(apiKey, request, client);
  }

  async #describe(request: DescribeQuorumRequest): Promise<unknown> {
    const raft = this.#driver.state;
    if (raft?.role.kind !== 'leader') throw new NotControllerError(this.nodeId);
    const { clock } = this.#options;
    const view = { raft, image: this.image, nowMs: Math.floor(clock.now()), monotonicMs: clock.monotonic() };
    return describeQuorum(view, raft.role, request);
  }

  /** Resolves with true once the image meets the condition, with false when it has not after `timeoutMs`. */
  until(condition: (image: MetadataImage) => boolean, timeoutMs: number): Promise<boolean> {
    if (condition(this.image)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (isMet: boolean) => {
        cancel();
        this.#waits.delete(check);
        resolve(isMet);
      };
      const check = (image: MetadataImage) => condition(image) && finish(true);
      const cancel = this.#options.clock.after(timeoutMs, () => finish(false));
      if (this.#waits.size >= waitsMax) finish(false);
      else this.#waits.add(check);
    });
  }

  /**
   * Leaves the quorum: hands the lead over if it has it, and closes the log. Announcements go out before it resolves. Rejects with
   * `DISK_*` when the log could not be made durable: it is closed then all the same, but this is no end in order.
   */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#driver.feed({ type: 'resign' });
    this.halt();
    try {
      await this.#log.flush();
      this.#log.close({ clean: true });
    } catch (error) {
      this.#options.log.error('the metadata log could not be synced at the end', { part: 'quorum', error });
      this.#log.close({ clean: false });
      throw error;
    }
  }

  /** Ends at once, as a crash would: no farewell, nothing written any more. */
  halt(): void {
    this.#isStopped = true;
    this.#controller.stop();
    this.#ownVote.stop();
    this.#driver.stop();
    this.#gateway.stop();
  }

  /** Who votes at an offset of the log, where it says so. */
  #votersBelow(offset: number): readonly Voter[] | undefined {
    return this.#driver.state?.voterSets.findLast((set) => set.offset < offset)?.voters;
  }

  #settled(): void {
    this.#images.advance(() => this.#driver.state?.highWatermark ?? 0);
    this.#controller.settled();
    const standing = `${this.#driver.state?.epoch} ${this.leaderId} ${this.isActiveController}`;
    this.#ownVote.settled();
    const hasMoved = standing !== this.#standing;
    this.#standing = standing;
    if (hasMoved) this.#gateway.controllerChanged();
    const { bytesSinceSnapshot } = this.#images;
    if (bytesSinceSnapshot < this.#options.settings.snapshotAfterBytes || this.#isStopped) return;
    this.#images.bytesSinceSnapshot = 0;
    const { image } = this.#images;
    const id = this.#snapshots.save(image, Math.floor(this.#options.clock.now()), this.#votersBelow(image.offset + 1));
    this.#driver.feed({ type: 'snapshotTaken', id });
  }
}
