import type { Disk } from '../../base/disk.ts';
import { apis } from '../../protocol/api-keys.ts';
import { offsetsTopicName, transactionsTopicName } from '../../protocol/system-topics.ts';
import type { BrokerSettings } from '../api/configs/broker-settings.ts';
import { ProducerIdBlocks } from '../api/controller/producer-id-blocks.ts';
import { FetchSessionCache } from '../api/fetch/fetch-session-cache.ts';
import type { BrokerServices } from '../api/services.ts';
import { handlers } from '../api/table.ts';
import type { ImageChange } from '../controller/image-change.ts';
import type { MetadataImage } from '../controller/metadata-image.ts';
import type { InternalLog } from '../coordinator/internal-log.ts';
import { GroupCoordinator } from '../group/group-coordinator.ts';
import { OpenFiles } from '../log/open-files.ts';
import { DiskState } from '../replica/disk-state.ts';
import { ReplicaManager } from '../replica/replica-manager.ts';
import { AclAuthorizer } from '../security/acl-authorizer.ts';
import { openAuthorizer } from '../security/authorizer.ts';
import { superUsersIn } from '../security/super-users.ts';
import { bootstrapRecordsOf } from './bootstrap-records.ts';
import type { BrokerInspection, BrokerOptions, StopOptions } from './broker-options.ts';
import { cleanerSettingsOf } from './config/cleaner-settings-of.ts';
import { describeSettings } from './config/describe-settings.ts';
import { TopicConfigs } from './config/topic-configs.ts';
import type { OpenedDataFolder } from './data-folder.ts';
import { forgetCleanShutdown, noteUntouchedStart } from './data-folder.ts';
import { Dispatch } from './dispatch.ts';
import { routesOf } from './exchange/route.ts';
import { consumerGroupLimitsFrom, groupLimitsFrom } from './group-limits-from.ts';
import { haveOtherTopics } from './have-other-topics.ts';
import { ImageFanOut } from './image-fan-out.ts';
import { assignmentsOf } from './image-to-replicas.ts';
import { Lifecycle } from './lifecycle.ts';
import { DynamicListenerConfigs } from './listener-configs.ts';
import { LogLevels } from './logging/log-levels.ts';
import { brokerMetrics } from './metrics/broker-metrics.ts';
import type { ClusterMetrics } from './metrics/cluster-metrics.ts';
import type { CountedCoordinator } from './metrics/coordinator-metrics.ts';
import { coordinatorMetrics } from './metrics/coordinator-metrics.ts';
import type { MetricRegistry } from './metrics/metric-registry.ts';
import type { RequestMetrics } from './metrics/request-metrics.ts';
import { Peers } from './peers.ts';
import { configSchemaOfLog } from './quorum/config-schema-of-log.ts';
import { QuorumNode } from './quorum/quorum-node.ts';
import { quorumSettingsFrom } from './quorum/quorum-settings.ts';
import { BrokerQuotas } from './quotas/broker-quotas.ts';
import { BrokerReplicationThrottles } from './quotas/replication-throttles.ts';
import { ReplicaInternalLog } from './replica-internal-log.ts';
import type { TopicCoordinator } from './route-leadership.ts';
import { routeLeadership } from './route-leadership.ts';
import { saslLogins } from './sasl-logins.ts';
import type { TransactionParts } from './transaction-parts.ts';
import { transactionParts } from './transaction-parts.ts';
import type { TurnedAway } from './turned-away.ts';
import { unreadyReason } from './unready-reason.ts';

/** A follower fetch waits at the leader up to `replica.fetch.wait.max.ms`; the answer may take this much longer. */
const fetchGraceMs = 2_000;
const served = new Set(handlers.map(({ key }) => key));

export interface BrokerPartsOptions extends BrokerOptions {
  readonly folder: OpenedDataFolder;
  readonly registry: MetricRegistry;
  readonly requestMetrics: RequestMetrics;
  readonly turnedAway: TurnedAway;
  /** Called once, when clients may be sent here for the first time. */
  readonly onReady: () => void;
}

/** The parts of a broker, tied to each other. */
export class BrokerParts {
  readonly dispatch: Dispatch;
  readonly lifecycle: Lifecycle;
  readonly #options: BrokerPartsOptions;
  readonly #peers: Peers;
  readonly #quorum: QuorumNode;
  readonly #replicas: ReplicaManager;
  readonly #groups: GroupCoordinator;
  readonly #transactions: TransactionParts;
  readonly #producerIds: ProducerIdBlocks;
  readonly #topicConfigs: TopicConfigs;
  readonly #metrics: ClusterMetrics;
  readonly #diskState: DiskState;
  readonly #metadata: ImageFanOut;
  readonly quotas: BrokerQuotas;
  readonly #throttles: BrokerReplicationThrottles;
  readonly #listenerConfigs: DynamicListenerConfigs;
  /** Undefined: no authorizer is set, and everything is allowed. */
  readonly #acls: AclAuthorizer | undefined;
  /** The disk cannot be written, and others could lead what is led here. Stands until the disk can be written. */
  #wantFence = false;
  #isReady = false;
  readonly #ready = Promise.withResolvers<void>();

  constructor(options: BrokerPartsOptions) {
    const { config, clock, random, log, folder, registry } = options;
    this.#options = options;
    this.#acls = aclAuthorizerOf(config.settings);
    this.#metadata = this.#makeFanOut();
    this.quotas = new BrokerQuotas(clock, config);
    this.#throttles = new BrokerReplicationThrottles(config, () => clock.monotonic());
    this.#listenerConfigs = new DynamicListenerConfigs(config.brokerId, options.listenerConfigs);
    const files = new OpenFiles(options.disk.descriptorsMax);
    const disk = files.over(options.disk);
    this.#diskState = new DiskState({ disk, dataFolder: config.dataFolder, clock, log });
    this.#topicConfigs = new TopicConfigs(config);
    this.#peers = this.#makePeers();
    this.#quorum = this.#makeQuorum(this.#diskState.withReserve(disk));
    this.lifecycle = new Lifecycle({
      config,
      clock,
      random,
      log,
      controller: this.#quorum.gateway,
      directoryId: folder.directoryId,
      previousBrokerEpoch: folder.cleanBrokerEpoch,
      incarnationId: folder.untouchedStart?.address === this.#address ? folder.untouchedStart.incarnationId : undefined,
      metadataOffset: () => this.#metadata.applied.offset,
      wantFence: () => this.#wantFence,
      onFatal: options.onFatal,
    });
    this.#producerIds = this.#makeProducerIds();
    this.#replicas = this.#makeReplicas(files);
    // A fault is found in the middle of a write, of the metadata log too: what follows from it must not write before that is done.
    this.#diskState.onChange(() => clock.soon(() => this.#diskChanged()));
    this.#groups = this.#makeGroups();
    this.#transactions = this.#makeTransactions();
    this.#tieCoordinators();
    this.dispatch = this.#makeDispatch();
    this.#metrics = this.#makeMetrics(registry);
  }

  start(): void {
    const { disk, config, folder } = this.#options;
    const { incarnationId } = this.lifecycle;
    if (this.startedClean)
      noteUntouchedStart(disk, config.dataFolder, folder.cleanBrokerEpoch, { incarnationId, address: this.#address });
    this.#replicas.start();
    this.#quorum.onImage((image, change) => this.#imageChanged(image, change));
    void this.#quorum.start();
    this.#transactions.coordinator.start();
    this.lifecycle.start();
  }

  /** Hands leaderships over while a controller answers, unless all brokers stop together; then closes everything. */
  async stop({ wholeCluster = false, onProgress = () => {} }: StopOptions): Promise<void> {
    onProgress('its leaderships');
    if (wholeCluster) this.lifecycle.stop();
    else await this.lifecycle.shutDown(this.#options.config.settings.controlledShutdownTimeoutMs);
    this.dispatch.close('the broker stops');
    this.#groups.stop();
    this.#transactions.coordinator.stop();
    try {
      await this.#replicas.stop((left) => onProgress(`${left} logs to close`));
    } finally {
      onProgress('the metadata log');
      // What one part cannot close is no reason to leave the others open.
      await this.#quorum.stop().finally(() => this.#peers.close());
    }
  }

  get #address(): string {
    const { host, port } = this.#options.config.listenerSet.interBroker.advertised;
    return `${host}:${port}`;
  }

  /** Whether the last run of this broker ended in order. */
  get startedClean(): boolean {
    return this.#options.folder.cleanBrokerEpoch !== -1;
  }

  /** Whether the replicas have been told of what they host. */
  get hasOpenedLogs(): boolean {
    return this.#metadata.hasApplied;
  }

  /** The newest committed metadata that this broker knows. */
  get image(): MetadataImage {
    return this.#metadata.image;
  }

  inspect(): BrokerInspection {
    return { image: this.#metadata.image, raft: this.#quorum.raftState, partitions: this.#replicas.partitionStatus() };
  }

  unreadyReason(): string | undefined {
    const { brokerId } = this.#options.config;
    const { brokerEpoch } = this.lifecycle;
    return unreadyReason(brokerEpoch, this.#metadata.applied.brokers.get(brokerId), this.#diskState.reason);
  }

  /** Gives up the leaderships that others can take while the disk cannot be written (KIP-112), and comes back after that. */
  #diskChanged(): void {
    this.#wantFence = !this.#diskState.isWritable && this.#replicas.couldLeadElsewhere;
    this.lifecycle.wantFenceChanged();
    if (this.hasOpenedLogs) this.#checkReady();
  }

  #makePeers(): Peers {
    const { config, clock, dialer } = this.#options;
    return new Peers({
      dialer,
      clock,
      clientId: `broker-${config.brokerId}`,
      // Voters are reached where they are configured, not where they registered: the metadata may be of a run on other ports,
      // and no controller can be elected to correct it unless they reach each other.
      addressOf: (id) => config.voters.find((voter) => voter.id === id) ?? this.#quorum.addressOf(id),
    });
  }

  #makeQuorum(disk: Disk): QuorumNode {
    const { config, clock, random, log, folder, onFatal } = this.#options;
    return new QuorumNode({
      nodeId: config.brokerId,
      clusterId: config.clusterId,
      voters: config.voters,
      address: config.listenerSet.interBroker.advertised,
      directoryId: folder.directoryId,
      dataFolder: config.dataFolder,
      settings: quorumSettingsFrom(config.settings),
      configs: configSchemaOfLog(config.topicDefaults, config.settings),
      bootstrapRecords: bootstrapRecordsOf(config),
      disk,
      clock,
      random,
      log,
      request: (...request) => this.#peers.request(...request),
      onFatal,
    });
  }

  #makeReplicas(files: OpenFiles): ReplicaManager {
    const { config, disk, clock, random, log } = this.#options;
    const timeoutMs = config.settings.replicaFetchWaitMaxMs + fetchGraceMs;
    return new ReplicaManager({
      brokerId: config.brokerId,
      disk,
      dataFolder: config.dataFolder,
      clock,
      random,
      log,
      settings: config.settings,
      cleanShutdown: this.startedClean,
      files,
      diskState: this.#diskState,
      cleanerSettings: () => cleanerSettingsOf(this.#metadata.image, config.brokerId, config.settings),
      brokerEpoch: () => this.lifecycle.brokerEpoch,
      brokerState: (id) => {
        const broker = this.#metadata.image.brokers.get(id);
        return broker && { epoch: broker.epoch, isEligible: this.#metadata.image.isActive(id) };
      },
      throttles: this.#throttles,
      fetchFrom: (id, request) =>
        this.#peers.request(id, apis.fetch, apis.fetch.versionMax, request, { lane: 'replica-fetch', timeoutMs }),
      alterPartition: (request) => this.#quorum.gateway.submit(apis.alterPartition, request),
    });
  }

  #makeGroups(): GroupCoordinator {
    const { config, clock, random, log } = this.#options;
    const { settings } = config;
    const consumerLimits = consumerGroupLimitsFrom(settings);
    return new GroupCoordinator({
      clock,
      random,
      log,
      limits: groupLimitsFrom(settings),
      consumerLimits: (groupId) => consumerLimits(this.#metadata.image.configs('group', groupId)),
      topics: () => this.#metadata.image,
      offsetsLog: this.#internalLog(offsetsTopicName),
      topicExists: (topic) => this.#metadata.image.topics.has(topic),
      isInTouch: () => this.#quorum.silentMs <= settings.brokerSessionTimeoutMs,
    });
  }

  #makeProducerIds(): ProducerIdBlocks {
    return new ProducerIdBlocks({
      brokerId: this.#options.config.brokerId,
      brokerEpoch: () => this.lifecycle.brokerEpoch,
      controller: this.#quorum.gateway,
    });
  }

  /** Every coordinator hears of the leaderships of its topic, and shows what it leads. */
  #tieCoordinators(): void {
    const { coordinator } = this.#transactions;
    const byTopic: readonly (readonly [string, TopicCoordinator])[] = [
      [offsetsTopicName, this.#groups],
      [transactionsTopicName, coordinator],
    ];
    routeLeadership(this.#replicas, new Map(byTopic));
    const byName: readonly (readonly [string, CountedCoordinator])[] = [
      ['groups', this.#groups],
      ['transactions', coordinator],
    ];
    coordinatorMetrics(this.#options.registry, new Map(byName));
  }

  #makeMetrics(registry: MetricRegistry): ClusterMetrics {
    return brokerMetrics(registry, {
      brokerId: this.#options.config.brokerId,
      image: () => this.#metadata.image,
      activeControllerId: () => this.#quorum.leaderId,
      isReady: () => this.unreadyReason() === undefined,
      isFenced: () => this.lifecycle.isFenced,
      replicas: this.#replicas,
      groups: this.#groups,
      quotas: this.quotas,
      diskState: this.#diskState,
      connectionCount: () => this.dispatch.connectionCount,
      process: this.#options.processFigures,
    });
  }

  #makeTransactions(): TransactionParts {
    const { config, clock, log } = this.#options;
    return transactionParts({
      brokerId: config.brokerId,
      clock,
      log,
      settings: config.settings,
      stateLog: this.#internalLog(transactionsTopicName),
      replicas: this.#replicas,
      groups: this.#groups,
      metadata: () => this.#metadata.image,
      nextProducerId: () => this.#producerIds.next(),
      request: (...request) => this.#peers.request(...request),
      isInTouch: () => this.#quorum.silentMs <= config.settings.brokerSessionTimeoutMs,
    });
  }

  #internalLog(topic: string): InternalLog {
    const { clock, spoilInternalLog } = this.#options;
    const log = new ReplicaInternalLog({
      topic,
      replicas: this.#replicas,
      metadata: () => this.#metadata.image,
      clock,
    });
    return spoilInternalLog?.(log) ?? log;
  }

  #makeDispatch(): Dispatch {
    const { config, clock, random, log, requestMetrics, turnedAway, tokenKeys } = this.#options;
    const credentials = () => this.#metadata.image.subjects.scram;
    const newLogin = saslLogins({ config, clock, random, credentials, tokenKeys });
    return new Dispatch({
      clock,
      log,
      routes: routesOf(handlers, this.#services()),
      authorizer: this.#acls ?? openAuthorizer,
      login: {
        receiveBytesMax: config.settings.saslServerMaxReceiveSize,
        failureDelayMs: config.settings.connectionFailedAuthenticationDelayMs,
      },
      newLogin,
      untilKnown: this.#acls || newLogin ? () => (this.#isReady ? undefined : this.#ready.promise) : undefined,
      quotas: this.quotas,
      metrics: requestMetrics,
      turnedAway,
      inFlightRequestsMax: config.settings.connectionInFlightRequestsMax,
    });
  }

  #services(): BrokerServices {
    const { config, disk, clock, random, log } = this.#options;
    const { brokerId, clusterId, dataFolder, settings } = config;
    const controller = this.#quorum.gateway;
    const described = describeSettings(config);
    return {
      brokerId,
      clusterId,
      dataFolder,
      diskSpace: () => disk.space?.(dataFolder),
      clock,
      random,
      log,
      loggers: this.#options.logLevels ?? new LogLevels(config.logLevel),
      settings,
      serves: (apiKey) => served.has(apiKey),
      describeSettings: () => described,
      listenerConfigFault: (asked) => this.#listenerConfigs.faultOf(asked),
      untilReady: () => (this.#isReady ? undefined : this.#ready.promise),
      metadata: () => this.#metadata.image,
      activeControllerId: () => this.#quorum.leaderId,
      controller,
      replicas: this.#replicas,
      groups: this.#groups,
      fetchSessions: new FetchSessionCache({ clock, random, slots: settings.maxIncrementalFetchSessionCacheSlots }),
      transactions: this.#transactions.coordinator,
      transactionEntry: this.#transactions.entry,
      writeTransactionEnds: this.#transactions.writeEnds,
      producerIds: this.#producerIds,
      fetchQuota: this.quotas,
      quorum: this.#quorum,
    };
  }

  /** Who hears of new metadata, and in which order. */
  #makeFanOut(): ImageFanOut {
    const { config } = this.#options;
    return new ImageFanOut({
      clusterId: config.clusterId,
      isOwn: (image) => this.#isRegisteredIn(image),
      hosts: [(...step) => this.#replicasFollow(...step), (...step) => this.#groupsFollow(...step)],
      watchers: [
        (_, after, change) => this.quotas.imageChanged(after, change),
        (_, after, change) => this.#throttles.imageChanged(after, change),
        (_, after, change) => this.#listenerConfigs.imageChanged(after, change),
        (...step) => this.#aclsFollow(...step),
        (...step) => this.#metrics.imageChanged(...step),
        () => this.lifecycle.metadataAdvanced(),
        () => this.#checkReady(),
      ],
    });
  }

  #isRegisteredIn(image: MetadataImage): boolean {
    return image.brokers.get(this.#options.config.brokerId)?.incarnationId === this.lifecycle.incarnationId;
  }

  #imageChanged(image: MetadataImage, change: ImageChange): void {
    const registration = image.brokers.get(this.#options.config.brokerId);
    if (registration && this.#isRegisteredIn(image)) this.lifecycle.sawRegistration(registration.epoch);
    this.#metadata.advance(image, change);
  }

  #replicasFollow(before: MetadataImage, after: MetadataImage, change: ImageChange): void {
    const { disk, config } = this.#options;
    if (before.offset === -1) forgetCleanShutdown(disk, config.dataFolder);
    const configOf = (image: MetadataImage, topic: string) => this.#topicConfigs.logConfigOf(image, topic);
    this.#replicas.applyAssignments(assignmentsOf(before, after, change, configOf));
    if (change.brokers) this.#replicas.brokersChanged();
  }

  #aclsFollow(_before: MetadataImage, after: MetadataImage, { acls }: ImageChange): void {
    if (acls) this.#acls?.setAcls(after.subjects.acls.values());
  }

  #groupsFollow(before: MetadataImage, after: MetadataImage, { topics }: ImageChange): void {
    const deleted = [...topics.removed].map((id) => before.topicsById.get(id)?.name ?? '');
    if (deleted.length) void this.#groups.topicsDeleted(new Set(deleted));
    if (haveOtherTopics(before, after, topics)) this.#groups.topicsChanged();
  }

  #checkReady(): void {
    if (this.#isReady || this.unreadyReason() !== undefined) return;
    this.#isReady = true;
    const { brokerId } = this.#options.config;
    this.#replicas.setStraysAside(
      (topicId, partition) =>
        this.#metadata.applied.topicsById.get(topicId)?.partitions[partition]?.replicas.includes(brokerId) ?? false,
    );
    this.#options.log.info('ready');
    this.#ready.resolve();
    this.#options.onReady();
  }
}

function aclAuthorizerOf({ authorizerClassName, superUsers, allowEveryoneIfNoAclFound }: BrokerSettings) {
  if (authorizerClassName === '') return undefined;
  return new AclAuthorizer({ superUsers: new Set(superUsersIn(superUsers)), allowEveryoneIfNoAclFound });
}
