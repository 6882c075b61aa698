import { MillraceError, messageOf } from '../../../engine/base/errors.ts';
import type { LogFields } from '../../../engine/base/log.ts';
import { createLog } from '../../../engine/base/log.ts';
import { MemoryDisk } from '../../../engine/base/testing/memory-disk.ts';
import { SeededRandom } from '../../../engine/base/testing/seeded-random.ts';
import type { InternalLog } from '../../../engine/broker/coordinator/internal-log.ts';
import { Broker } from '../../../engine/broker/node/broker.ts';
import { brokerConfigFrom } from '../../../engine/broker/node/config/broker-config.ts';
import type { ReplicaInternalLog } from '../../../engine/broker/node/replica-internal-log.ts';
import { diskReserveName } from '../../../engine/broker/replica/disk-state.ts';
import { Host } from './host.ts';
import { SpoiledInternalLog } from './spoiled-internal-log.ts';
import type { World } from './world.ts';

/** Rules are kept, and nobody needs one for what no rule is about. */
const tenancySettings = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': true,
};

/** How the bytes that were not synced fare when a broker is killed: see `CrashOptions`. */
export type KillMode = 'lose' | 'tear' | 'keep';

export const dataFolder = '/data';
const clusterId = 'AAAAAAAAAAAAAAAAAAAAAw';
const clusterKey = 'abcdefghijklmnopqrstuv';
/** Longest time until the peers of a killed broker hear that its connections are gone, in ms; a machine that lost power says nothing. */
const dropNoticeMsMax = 3_000;

export function portOf(id: number): number {
  return 9_000 + id;
}

/** Size of a disk in bytes. */
const diskBytesMax = 2 ** 30;

/** One simulated computer: a disk that survives its broker, and the broker while it runs. */
export class Machine {
  readonly id: number;
  readonly name: string;
  readonly disk: MemoryDisk;
  broker: Broker | undefined;
  host: Host | undefined;
  /** Counts the starts. */
  starts = 0;
  /** How far its wall clock is off, in ms. */
  skewMs: number;
  /** Longest duration of a sync, in ms. */
  syncMsMax: number;
  isStopping = false;
  readonly #world: World;
  readonly #random: SeededRandom;

  constructor(world: World, id: number) {
    this.#world = world;
    this.id = id;
    this.name = `broker-${id}`;
    this.#random = new SeededRandom(world.options.seed * 31 + id);
    this.disk = new MemoryDisk(new SeededRandom(world.options.seed * 37 + id));
    this.skewMs = world.options.skewMs[id - 1] ?? 0;
    this.syncMsMax = world.options.syncMsMax;
    world.net.own(portOf(id), this.name);
  }

  get isUp(): boolean {
    return this.broker !== undefined;
  }

  start(): void {
    if (this.broker) return;
    const { clock, net, options, trace } = this.#world;
    const life = ++this.starts;
    trace.add(this.name, `start ${life}`);
    const host = new Host({
      name: this.name,
      world: clock,
      skewMs: () => this.skewMs,
      workMsMax: options.workMsMax,
      random: new SeededRandom(options.seed * 41 + this.id * 1_009 + life),
      onThrow: (error) => this.#failed(error),
      onStall: (ms) => trace.add(this.name, `stalls for ${ms.toFixed(0)} ms`),
    });
    this.host = host;
    this.isStopping = false;
    this.disk.scheduleSync = (complete) => host.clock.after(this.#random.next() * this.syncMsMax, complete);
    const broker = new Broker({
      config: brokerConfigFrom({
        brokerId: this.id,
        clusterId,
        clusterKey,
        dataFolder,
        listen: { host: 'sim', port: portOf(this.id) },
        voters: Array.from({ length: options.brokers }, (_, index) => ({
          id: index + 1,
          host: 'sim',
          port: portOf(index + 1),
        })),
        settings: {
          ...(options.stewards > 0 && tenancySettings),
          ...Object.fromEntries(
            Object.entries(options.settings).map(([name, value]) => [
              name,
              name.endsWith('.enable') ? value !== 0 : value,
            ]),
          ),
        },
      }),
      disk: this.disk,
      clock: host.clock,
      random: new SeededRandom(this.#random.next() * 2 ** 32),
      dialer: net.dialerOf(host, true),
      log: createLog((level, message, fields) => this.#logged(level, message, fields), {}, 'info'),
      spoilInternalLog: (inner) => this.#spoiled(inner, life),
      onFatal: (error) => this.#failed(error),
    });
    this.broker = broker;
    net.listen(portOf(this.id), host, (connection) => broker.accept(connection));
    host.run(() => broker.start());
  }

  #spoiled(inner: ReplicaInternalLog, life: number): InternalLog {
    const world = this.#world;
    const { options, spoiled, trace } = world;
    return new SpoiledInternalLog({
      inner,
      chances: () => world.spoilChances,
      random: new SeededRandom(options.seed * 43 + this.id * 1_013 + life),
      onSpoil: (spoil) => {
        trace.add(this.name, spoil);
        spoiled.set(spoil, (spoiled.get(spoil) ?? 0) + 1);
      },
    });
  }

  /** In order; resolves (through `onDown`) after the broker has closed its logs. */
  stop(): void {
    const { broker, host } = this;
    if (!broker || !host || this.isStopping) return;
    this.#world.trace.add(this.name, 'stop');
    this.isStopping = true;
    broker.stop().then(
      () => {
        if (this.host !== host) return;
        this.#world.trace.add(this.name, 'stopped');
        this.#end(host, 0);
      },
      (error: unknown) => this.#failed(error),
    );
  }

  /** The disk takes `roomBytes` more, and then nothing. */
  fillDisk(roomBytes: number): void {
    this.disk.bytesMax = this.disk.usedBytes + roomBytes;
  }

  /** The disk refuses to take records; what else the broker writes lies on another part of it. */
  breakDisk(): void {
    this.disk.beforeWrite = (kind, path) => {
      const isRecords = path.endsWith('.log') && !path.includes('__cluster_metadata');
      if (kind !== 'append' || (!isRecords && !path.endsWith(diskReserveName))) return;
      throw new MillraceError('DISK_APPEND_FAILED', `cannot append ${path}: EIO`, { details: { systemCode: 'EIO' } });
    };
  }

  /** The system opens at most `max` files at a time. */
  limitFiles(max: number): void {
    this.disk.descriptorsMax = max;
  }

  /** Takes back what was done to the disk. */
  mendDisk(): void {
    this.disk.bytesMax = diskBytesMax;
    this.disk.beforeWrite = () => {};
    this.disk.descriptorsMax = undefined;
  }

  kill(mode: KillMode): void {
    const { host } = this;
    if (!host) return;
    this.#world.trace.add(this.name, `kill ${mode}`);
    this.#end(host, this.#random.next() < 0.3 ? this.#random.next() * dropNoticeMsMax : 0);
    this.disk.crash({ unsynced: mode });
  }

  #end(host: Host, noticeMs: number): void {
    host.die();
    this.#world.net.unlisten(portOf(this.id));
    this.#world.net.drop(host, noticeMs);
    this.broker = undefined;
    this.host = undefined;
    this.isStopping = false;
  }

  /** A broker never ends by itself in a run: no fault that is simulated is a reason to. */
  #failed(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
    this.#world.violate('crash', `${this.name} failed: ${text}`);
  }

  #logged(level: string, message: string, fields: LogFields): void {
    this.#world.trace.add(this.name, `${level} ${message} ${shown(fields)}`);
    if (message === 'compacted a log') this.#world.compactions++;
    if (message === 'a handler failed') this.#failed(fields.error);
  }
}

function shown(fields: LogFields): string {
  return JSON.stringify(fields, (_key, value: unknown) => (value instanceof Error ? value.message : value));
}
