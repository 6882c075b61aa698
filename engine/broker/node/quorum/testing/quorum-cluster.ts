import { MillraceError } from '../../../../base/errors.ts';
import { silentLog } from '../../../../base/log.ts';
import { ManualClock } from '../../../../base/testing/manual-clock.ts';
import { MemoryDisk } from '../../../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../../../base/testing/seeded-random.ts';
import { apis } from '../../../../protocol/api-keys.ts';
import { decode, encodeToBuffer } from '../../../../protocol/codec.ts';
import { errorCode } from '../../../../protocol/error-codes.ts';
import type { MessageInput, MessageSchema } from '../../../../protocol/schema.ts';
import type { ApiHandler } from '../../../api/handler.ts';
import { fetchQuorum } from '../../../api/quorum/fetch-quorum.ts';
import type { BrokerServices } from '../../../api/services.ts';
import { handlers } from '../../../api/table.ts';
import { requestContext } from '../../../api/testing/request-context.ts';
import { registeredFeatures } from '../../../controller/features/supported-features.ts';
import { groupBounds } from '../../../group/testing/group-bounds.ts';
import { raftDefaults } from '../../../raft/raft-settings.ts';
import { configSchemaOfLog } from '../config-schema-of-log.ts';
import type { PeerRequest } from '../peer-request.ts';
import { QuorumNode } from '../quorum-node.ts';
import type { QuorumSettings } from '../quorum-settings.ts';

const latencyMs = 1;
const heartbeatMs = 500;
/** Turns of the microtask queue after which nothing more is expected without a timer. */
const microtaskTurns = 40;

export const testSettings: QuorumSettings = {
  raft: raftDefaults,
  controller: {
    numPartitions: 1,
    defaultReplicationFactor: 1,
    minInsyncReplicas: 1,
    uncleanLeaderElectionEnable: false,
    deleteTopicEnable: true,
  },
  requestTimeoutMs: 1_000,
  brokerSessionTimeoutMs: 3_000,
  leaderBalanceIntervalMs: 30_000,
  snapshotAfterBytes: 1_000_000,
  fetchBytesMax: 100_000,
  segmentBytes: 1_048_576,
  mutationWindowSeconds: 11,
  joinsVoters: false,
  submitTimeoutMs: 10_000,
};

interface Machine {
  readonly id: number;
  readonly disk: MemoryDisk;
  node: QuorumNode | undefined;
  incarnation: number;
  /** Epoch of the registration; -1 until there is one. */
  brokerEpoch: number;
}

/** Quorum nodes in one process, on a clock and disks in memory, each with a broker that registers and sends heartbeats. Tests only. */
export class QuorumCluster {
  readonly clock = new ManualClock();
  readonly machines: readonly Machine[];
  /** Pairs `from>to` that hear nothing of each other. */
  readonly cut = new Set<string>();
  readonly failures: Error[] = [];
  readonly #random: SeededRandom;
  readonly #settings: QuorumSettings;

  constructor(seed: number, size: number, settings: Partial<QuorumSettings> = {}) {
    this.#random = new SeededRandom(seed);
    this.#settings = { ...testSettings, ...settings };
    this.machines = Array.from({ length: size }, (_, index) => ({
      id: index + 1,
      disk: new MemoryDisk(this.#random),
      node: undefined,
      incarnation: 0,
      brokerEpoch: -1,
    }));
    for (const { disk } of this.machines) disk.scheduleSync = (done) => this.clock.after(latencyMs, done);
  }

  machine(id: number): Machine {
    return this.machines[id - 1]!;
  }

  node(id: number): QuorumNode {
    const { node } = this.machine(id);
    if (!node) throw new Error(`node ${id} is down`);
    return node;
  }

  get running(): QuorumNode[] {
    return this.machines.flatMap(({ node }) => node ?? []);
  }

  /** The active controller. */
  get controller(): QuorumNode | undefined {
    return this.running.find((node) => node.isActiveController);
  }

  start(...ids: number[]): this {
    for (const id of ids.length ? ids : this.machines.map((machine) => machine.id)) this.#start(this.machine(id));
    return this;
  }

  crash(id: number): void {
    const machine = this.machine(id);
    machine.node?.halt();
    machine.node = undefined;
    machine.disk.crash({ unsynced: 'tear' });
  }

  /** Cuts a node off from all others, in both directions. */
  isolate(id: number): void {
    for (const other of this.machines) this.cut.add(`${id}>${other.id}`).add(`${other.id}>${id}`);
  }

  /** Moves time on, with all that falls due on the way. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.clock.monotonic() + durationMs;
    await settle();
    while ((this.clock.nextDueMs ?? Number.POSITIVE_INFINITY) <= endMs) {
      this.clock.step();
      await settle();
    }
    this.clock.advance(endMs - this.clock.monotonic());
    const [failure] = this.failures;
    if (failure) throw failure;
  }

  /** Moves time on until the condition holds; fails when it does not within `timeoutMs`. */
  async until(what: string, timeoutMs: number, condition: () => boolean): Promise<void> {
    const endMs = this.clock.monotonic() + timeoutMs;
    await settle();
    while (!condition()) {
      if (this.clock.monotonic() >= endMs) throw new Error(`expected ${what} within ${timeoutMs} ms`);
      await this.advance(5);
    }
  }

  /** Waits for a promise while time moves on. */
  async finish<T>(promise: Promise<T>, timeoutMs = 10_000): Promise<T> {
    let isDone = false;
    const mark = () => {
      isDone = true;
    };
    promise.then(mark, mark);
    await this.until('an answer', timeoutMs, () => isDone);
    return promise;
  }

  /** Creates a topic through a node's gateway and returns the error code. */
  async createTopic(via: number, name: string, partitions = 1, replicas = 3): Promise<number> {
    const topics = [{ name, numPartitions: partitions, replicationFactor: replicas, assignments: [], configs: [] }];
    const response = await this.finish(this.node(via).gateway.submit(apis.createTopics, { topics, timeoutMs: 5_000 }));
    return response.topics[0]!.errorCode;
  }

  /** Calls an API handler on a node as a client or a peer would, through bytes. */
  async call<Req extends MessageSchema>(
    id: number,
    handler: ApiHandler,
    version: number,
    request: MessageInput<Req>,
    isPeer = false,
  ): Promise<unknown> {
    const message = decode(handler.request, version, encodeToBuffer(handler.request, version, request as never));
    const reply = await handler.handle(message, requestContext(handler.key, version, { isPeer }), this.#services(id));
    return decode(handler.response, version, encodeToBuffer(handler.response, version, reply as never));
  }

  #start(machine: Machine): void {
    const { id, disk } = machine;
    const node = new QuorumNode({
      nodeId: id,
      clusterId: 'test-cluster',
      voters: this.machines.map((other) => endpointOf(other.id)),
      address: endpointOf(id),
      directoryId: `disk-${id}`.padEnd(21, 'A').concat('A'),
      dataFolder: '/data',
      settings: this.#settings,
      configs: configSchemaOfLog(new Map(), groupBounds),
      disk,
      clock: this.clock,
      random: this.#random,
      log: silentLog,
      request: this.#requestFrom(id),
      onFatal: (error) => this.failures.push(error),
    });
    machine.node = node;
    machine.incarnation++;
    machine.brokerEpoch = -1;
    void node.start().then(() => this.#live(machine, node));
  }

  /** Registers the broker, then sends heartbeats for as long as the node runs. */
  async #live(machine: Machine, node: QuorumNode): Promise<void> {
    while (machine.node === node) {
      try {
        if (machine.brokerEpoch < 0) await this.#register(machine, node);
        else await this.#heartbeat(machine, node);
      } catch (error) {
        if (!(error instanceof MillraceError)) this.failures.push(error as Error);
      }
      const isFenced = node.image.brokers.get(machine.id)?.fenced ?? true;
      await new Promise<void>((resolve) => this.clock.after(isFenced ? 20 : heartbeatMs, resolve));
    }
  }

  async #register(machine: Machine, node: QuorumNode): Promise<void> {
    const response = await node.gateway.submit(apis.brokerRegistration, {
      brokerId: machine.id,
      clusterId: 'test-cluster',
      incarnationId: `${'A'.repeat(18)}${machine.id}${String(machine.incarnation).padStart(2, '0')}A`,
      listeners: [{ name: 'PLAINTEXT', host: 'localhost', port: 9_000 + machine.id, securityProtocol: 0 }],
      features: [...registeredFeatures],
      rack: null,
    });
    if (response.errorCode === errorCode.NONE) machine.brokerEpoch = response.brokerEpoch;
  }

  async #heartbeat(machine: Machine, node: QuorumNode): Promise<void> {
    const response = await node.gateway.submit(apis.brokerHeartbeat, {
      brokerId: machine.id,
      brokerEpoch: machine.brokerEpoch,
      currentMetadataOffset: node.image.offset,
      wantFence: false,
      wantShutDown: false,
    });
    if (response.errorCode === errorCode.STALE_BROKER_EPOCH) machine.brokerEpoch = -1;
  }

  #requestFrom(from: number): PeerRequest {
    return (to, api, version, body, { timeoutMs }) =>
      new Promise((resolve, reject) => {
        const fail = (code: string) => reject(new MillraceError(code, `${from} to ${to}`, { retriable: true }));
        this.clock.after(timeoutMs, () => fail('PEER_TIMEOUT'));
        const frame = encodeToBuffer(api.request, version, body);
        this.#carry(from, to, () => {
          const machine = this.machine(to);
          if (!machine.node) {
            this.#carry(to, from, () => fail('PEER_UNREACHABLE'));
            return;
          }
          const answer = this.#answer(to, api.key, version, decode(api.request, version, frame));
          void answer.then((reply) => {
            const back = encodeToBuffer(api.response, version, reply as MessageInput<typeof api.response>);
            this.#carry(to, from, () => resolve(decode(api.response, version, back)));
          });
        });
      });
  }

  #carry(from: number, to: number, deliver: () => void): void {
    if (!this.cut.has(`${from}>${to}`)) this.clock.after(latencyMs, deliver);
  }

  async #answer(id: number, key: number, version: number, request: unknown): Promise<unknown> {
    if (key === apis.fetch.key) return fetchQuorum(request as never, this.node(id));
    const handler = handlers.find((candidate) => candidate.key === key);
    if (!handler) throw new Error(`no handler for api ${key}`);
    return handler.handle(request, requestContext(key, version, { isPeer: true }), this.#services(id));
  }

  #services(id: number): Partial<BrokerServices> {
    const node = this.node(id);
    return {
      brokerId: id,
      quorum: node,
      controller: node.gateway,
      describeSettings: () => [],
      listenerConfigFault: () => undefined,
    };
  }
}

function endpointOf(id: number) {
  return { id, host: 'localhost', port: 9_000 + id };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < microtaskTurns; turn++) await Promise.resolve();
}
