import type { Clock } from '../../../base/clock.ts';
import { silentLog } from '../../../base/log.ts';
import { MemoryDisk } from '../../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { decode, encodeToBuffer } from '../../../protocol/codec.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../../protocol/schema.ts';
import type { FetchFrom } from '../../replica/follower/follower-fetcher.ts';
import type { AlterPartition } from '../../replica/in-sync/isr-changes.ts';
import type { BrokerState } from '../../replica/in-sync/isr-policy.ts';
import { ReplicaManager } from '../../replica/replica-manager.ts';
import type { BrokerSettings } from '../configs/broker-settings.ts';
import { ProducerIdBlocks } from '../controller/producer-id-blocks.ts';
import { FetchSessionCache } from '../fetch/fetch-session-cache.ts';
import type { ApiHandler, RequestContext } from '../handler.ts';
import type { ClusterView } from '../metadata/cluster-view.ts';
import { noFetchQuota } from '../quotas/fetch-quota.ts';
import type { BrokerServices } from '../services.ts';
import { requestContext } from './request-context.ts';
import { testSettings } from './test-settings.ts';

export interface ReplicaNodeOptions {
  readonly id: number;
  readonly clock: Clock;
  readonly view: () => ClusterView;
  readonly brokerState: (brokerId: number) => BrokerState | undefined;
  readonly fetchFrom: FetchFrom;
  readonly alterPartition: AlterPartition;
  readonly settings?: Partial<BrokerSettings>;
}

/** One broker's replication on a memory disk: starts, crashes and starts again. */
export class ReplicaNode {
  readonly disk: MemoryDisk;
  readonly #options: ReplicaNodeOptions;
  #random: SeededRandom;
  isUp = false;
  brokerEpoch = 0;
  replicas!: ReplicaManager;
  services!: BrokerServices;
  #peers = new Map<number, RequestContext>();

  constructor(options: ReplicaNodeOptions) {
    this.#options = options;
    this.#random = new SeededRandom(options.id);
    this.disk = new MemoryDisk(new SeededRandom(100 + options.id));
  }

  start(brokerEpoch: number, cleanShutdown = false): void {
    const { id, clock, view, brokerState, fetchFrom, alterPartition } = this.#options;
    const settings = { ...testSettings, ...this.#options.settings };
    const controller = { submit: () => Promise.reject(new Error('no controller')) };
    this.brokerEpoch = brokerEpoch;
    this.isUp = true;
    this.replicas = new ReplicaManager({
      brokerId: id,
      disk: this.disk,
      dataFolder: '/data',
      clock,
      random: this.#random,
      log: silentLog,
      settings,
      cleanShutdown,
      brokerEpoch: () => this.brokerEpoch,
      brokerState,
      fetchFrom,
      alterPartition,
    });
    this.services = {
      brokerId: id,
      clusterId: 'test',
      clock,
      random: this.#random,
      log: silentLog,
      settings,
      serves: () => true,
      describeSettings: () => [],
      metadata: view,
      controller,
      replicas: this.replicas,
      fetchSessions: new FetchSessionCache({ clock, random: this.#random, slots: 10 }),
      fetchQuota: noFetchQuota,
      producerIds: new ProducerIdBlocks({ brokerId: id, brokerEpoch: () => brokerEpoch, controller }),
    } as unknown as BrokerServices;
    this.#peers.clear();
    this.replicas.start();
  }

  /** Kill -9: the process is gone, and with `lose` what was not synced is too. */
  crash(unsynced: 'keep' | 'lose' = 'keep'): void {
    this.isUp = false;
    this.replicas.halt();
    this.disk.crash({ unsynced });
  }

  /** The context of a request from a client, or over the connection of a peer. */
  context(apiKey: number, apiVersion: number, peer = -1): RequestContext {
    const isPeer = peer !== -1;
    const known = this.#peers.get(peer);
    const fresh = requestContext(apiKey, apiVersion, { isPeer });
    const context = known ? { ...fresh, connection: known.connection, session: known.session } : fresh;
    if (isPeer) this.#peers.set(peer, context);
    return context;
  }

  /** Runs a handler over encoded bytes both ways; undefined when there is no response. */
  async request<Req extends MessageSchema, Res extends MessageSchema>(
    handler: ApiHandler,
    schemas: { readonly request: Req; readonly response: Res },
    message: MessageInput<Req>,
    context: RequestContext,
    services: Partial<BrokerServices> = this.services,
  ): Promise<MessageOf<Res> | undefined> {
    const version = context.apiVersion;
    const request = decode(schemas.request, version, encodeToBuffer(schemas.request, version, message));
    const response = await handler.handle(request, context, services);
    if (response === undefined) return undefined;
    return decode(schemas.response, version, encodeToBuffer(schemas.response, version, response as MessageInput<Res>));
  }
}
