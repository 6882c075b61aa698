import type { Cancel, Clock } from '../../../base/clock.ts';
import { silentLog } from '../../../base/log.ts';
import type { FrameConnection } from '../../../base/net.ts';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import { MemoryDisk } from '../../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import type { Api } from '../../../protocol/api-keys.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../../protocol/schema.ts';
import { Broker } from '../broker.ts';
import { brokerConfigFrom } from '../config/broker-config.ts';
import { PeerChannel } from '../peer-channel.ts';
import { MemoryNetwork } from './memory-network.ts';

/** Virtual time that a condition may take before the test fails. */
const waitMsMax = 60_000;

/** The shared clock as one run of a broker sees it: after a crash nothing of that run happens any more. */
class RunClock implements Clock {
  isAlive = true;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(delayMs: number, callback: () => void): Cancel {
    return this.#clock.after(delayMs, () => this.isAlive && callback());
  }

  soon(callback: () => void): void {
    this.#clock.soon(() => this.isAlive && callback());
  }
}

/** Whole brokers in this process, on virtual time, disks in memory and connections in memory. */
export class MemoryCluster {
  /** Brokers that start from now on listen on the ports behind this one. */
  firstPort = 9_000;
  /** Racks of brokers that start from now on, by id. */
  racks: Readonly<Record<number, string>> = {};
  readonly clock = new ManualClock();
  readonly network = new MemoryNetwork(this.clock);
  readonly brokers = new Map<number, Broker>();
  readonly fatal: Error[] = [];
  readonly #disks = new Map<number, MemoryDisk>();
  readonly #clocks = new Map<number, RunClock>();
  readonly #ids: readonly number[];
  readonly #seed: number;
  readonly #settings: Readonly<Record<string, string>>;
  #starts = 0;

  constructor(ids: readonly number[], seed: number, settings: Readonly<Record<string, string>> = {}) {
    this.#ids = ids;
    this.#seed = seed;
    this.#settings = settings;
  }

  /** The disk of a broker that was started once; it outlives the broker. */
  diskOf(id: number): MemoryDisk {
    return this.#disks.get(id) as MemoryDisk;
  }

  /** Starts a broker: one of those that the cluster begins with, or one that joins. */
  start(id: number): Broker {
    const port = this.#portOf(id);
    const disk = this.#disks.get(id) ?? new MemoryDisk(new SeededRandom(this.#seed + id));
    this.#disks.set(id, disk);
    const clock = new RunClock(this.clock);
    this.#clocks.set(id, clock);
    const broker = new Broker({
      config: brokerConfigFrom({
        brokerId: id,
        clusterId: 'AAAAAAAAAAAAAAAAAAAAAw',
        clusterKey: 'abcdefghijklmnopqrstuv',
        dataFolder: '/data',
        listen: { host: 'memory', port },
        ...(this.racks[id] === undefined ? {} : { rack: this.racks[id] }),
        settings: this.#ids.includes(id)
          ? this.#settings
          : { ...this.#settings, 'controller.quorum.auto.join.enable': 'true' },
        voters: this.#ids.map((voter) => ({ id: voter, host: 'memory', port: this.#portOf(voter) })),
      }),
      disk,
      clock,
      // A start must not repeat the ids that an earlier one drew.
      random: new SeededRandom(this.#seed * 100 + id + ++this.#starts * 1_000_000),
      dialer: this.network.dialerOf(port),
      log: silentLog,
      onFatal: (error) => clock.isAlive && this.fatal.push(error),
    });
    this.network.listen(port, (connection) => broker.accept(connection));
    this.brokers.set(id, broker);
    broker.start();
    return broker;
  }

  async stop(id: number): Promise<void> {
    let stopped = false;
    void this.brokers
      .get(id)
      ?.stop()
      .then(() => {
        stopped = true;
      });
    await this.until(() => stopped);
    this.network.unplug(this.#portOf(id));
    this.brokers.delete(id);
  }

  /** The machine of a broker fails: what was not synced is lost. */
  crash(id: number): void {
    const clock = this.#clocks.get(id);
    if (clock) clock.isAlive = false;
    this.network.unplug(this.#portOf(id));
    this.#disks.get(id)?.crash();
    this.brokers.delete(id);
  }

  /** Sends a request to a broker as a client and waits for the answer on virtual time. */
  async request<Req extends MessageSchema, Res extends MessageSchema>(
    id: number,
    api: Api<Req, Res>,
    body: MessageInput<Req>,
    version = api.advertisedMax,
  ): Promise<MessageOf<Res>> {
    return this.#ask(this.network.connect(this.#portOf(id)), id, api, body, version);
  }

  /** The same as a broker of the cluster, which may do everything. */
  requestAsBroker<Req extends MessageSchema, Res extends MessageSchema>(
    id: number,
    api: Api<Req, Res>,
    body: MessageInput<Req>,
  ): Promise<MessageOf<Res>> {
    const port = this.#portOf(id);
    return this.#ask(this.network.connect(port, port), id, api, body, api.advertisedMax);
  }

  async #ask<Req extends MessageSchema, Res extends MessageSchema>(
    connection: FrameConnection,
    id: number,
    api: Api<Req, Res>,
    body: MessageInput<Req>,
    version: number,
  ): Promise<MessageOf<Res>> {
    const channel = new PeerChannel(connection, `broker ${id}`, this.clock, 'test');
    let outcome: { readonly answer: MessageOf<Res> } | { readonly error: unknown } | undefined;
    channel.request(api, version, body, waitMsMax).then(
      (answer) => {
        outcome = { answer };
      },
      (error: unknown) => {
        outcome = { error };
      },
    );
    await this.until(() => outcome !== undefined);
    channel.close('done');
    if (outcome && 'answer' in outcome) return outcome.answer;
    throw outcome?.error;
  }

  /** Lets virtual time pass until the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    const deadline = this.clock.monotonic() + waitMsMax;
    for (;;) {
      // Promise callbacks first: they belong to what has happened already.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      if (this.fatal[0]) throw this.fatal[0];
      if (condition()) return;
      if (this.clock.monotonic() > deadline) throw new Error(`the condition did not hold within ${waitMsMax} ms`);
      this.clock.step();
    }
  }

  #portOf(id: number): number {
    return this.firstPort + id;
  }
}
