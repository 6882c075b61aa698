import { MillraceError } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { BrokerFile } from '../config/broker-config.ts';
import type { StartRunner } from './broker-runner.ts';
import type { ClusterFile } from './cluster-file.ts';
import { writeClusterFile } from './cluster-file.ts';
import type { RollingBrokers } from './rolling-restart.ts';
import { rollingRestart } from './rolling-restart.ts';
import type { BrokerStatusRow } from './supervised-broker.ts';
import { SupervisedBroker } from './supervised-broker.ts';

export interface ClusterStatus {
  readonly clusterId: string;
  /** `host:port` of every broker, with commas: what Kafka clients call bootstrap servers. */
  readonly bootstrapServers: string;
  readonly brokers: readonly BrokerStatusRow[];
}

/** A cluster that this process watches over. */
export interface ClusterHandle {
  status(): ClusterStatus;
  /**
   * Resolves when every broker is ready; rejects with MillraceError when one ended instead, or after `waitMsMax` (5 min
   * without it). Either way nothing is stopped: the others go on, and so does the late one.
   */
  ready(waitMsMax?: number): Promise<void>;
  /** Ends a broker as a crash would; it stays down until `restart`. */
  kill(id: number): Promise<void>;
  /** Ends a broker in order; it stays down until `restart`. */
  stopBroker(id: number): Promise<void>;
  /** Starts a broker that is down; one that runs is ended in order first. Resolves when it is ready. */
  restart(id: number): Promise<void>;
  /**
   * Restarts all brokers: one after the other, so that clients notice nothing (see `rollingRestart`), or at once. `note` hears how it goes.
   * Rejects with MillraceError when that fails, and `RESTART_RUNNING` while another restart is on its way.
   */
  restartAll(isRolling: boolean, note: (text: string) => void): Promise<void>;
  /** Freezes or thaws a broker's process; false where that cannot be done. */
  freeze(id: number, frozen: boolean): boolean;
  /**
   * Ends all brokers in order, however long it takes while they make progress. A second call waits for the first.
   * Rejects with MillraceError `BROKER_KILLED`, after all have ended, when one did not end in order.
   */
  stop(): Promise<void>;
  /** Calls `listener` after every change of a broker's state. */
  onChange(listener: (status: ClusterStatus) => void): void;
}

const readyWaitMsMaxStandard = 300_000;

export interface SupervisedClusterOptions {
  readonly file: ClusterFile;
  readonly brokerFiles: readonly BrokerFile[];
  readonly dataFolder: string;
  readonly startRunner: StartRunner;
  readonly log: Log;
  readonly unlock: () => void;
  /** What a broker that joins is given, and the cluster with it; without it none can join. */
  readonly joiner?: (file: ClusterFile) => Promise<{ readonly file: ClusterFile; readonly broker: BrokerFile }>;
  /** Takes commands of other processes as long as the cluster runs. */
  readonly control?: { close(): void };
}

export class SupervisedCluster implements ClusterHandle {
  readonly #options: SupervisedClusterOptions;
  readonly #brokers: Map<number, SupervisedBroker>;
  readonly #listeners: ((status: ClusterStatus) => void)[] = [];
  #stopped: Promise<void> | undefined;
  #isRestarting = false;
  /** What the cluster is, with the brokers that it has now. */
  #file: ClusterFile;
  /** All brokers have been started for the first time. */
  #isStarted = false;
  /** What the cluster file holds, as JSON. */
  #savedText = '';

  constructor(options: SupervisedClusterOptions) {
    this.#options = options;
    this.#file = options.file;
    const { brokerFiles, startRunner, log } = options;
    this.#brokers = new Map(
      brokerFiles.map((file) => [file.brokerId, new SupervisedBroker(file, startRunner, () => this.#changed(), log)]),
    );
  }

  start(): void {
    // No broker waits until the file that names the one before it is on disk.
    for (const broker of this.#brokers.values()) broker.start();
    this.#isStarted = true;
    this.#save(true);
  }

  status(): ClusterStatus {
    const brokers = [...this.#brokers.values()].map(({ row }) => row);
    const servers = [...this.#brokers.values()].map(({ file }) => file.advertised ?? file.listen);
    return {
      clusterId: this.#options.file.clusterId,
      bootstrapServers: servers.map(({ host, port }) => `${host}:${port}`).join(','),
      brokers,
    };
  }

  async ready(waitMsMax = readyWaitMsMaxStandard): Promise<void> {
    await Promise.all([...this.#brokers.values()].map((broker) => untilReady(broker, waitMsMax)));
  }

  kill(id: number): Promise<void> {
    return this.#broker(id).kill();
  }

  async stopBroker(id: number): Promise<void> {
    expectInOrder([[id, await this.#broker(id).stop()]]);
  }

  async restart(id: number): Promise<void> {
    const broker = this.#broker(id);
    await broker.stop();
    broker.start();
    await untilReady(broker, readyWaitMsMaxStandard);
  }

  /** Starts a broker that joins by itself; resolves once it is ready. */
  async addBroker(note: (text: string) => void): Promise<number> {
    const { startRunner, log, joiner } = this.#options;
    if (!joiner) throw new MillraceError('BROKER_NOT_ADDED', 'expected a cluster that brokers can join');
    const { file, broker: described } = await joiner(this.#file);
    this.#file = file;
    const id = described.brokerId;
    const broker = new SupervisedBroker(described, startRunner, () => this.#changed(), log);
    this.#brokers.set(id, broker);
    broker.start();
    this.#save(true);
    note(`broker ${id} is on its way`);
    await untilReady(broker, readyWaitMsMaxStandard);
    return id;
  }

  /** Ends a broker in order and forgets it; its data folder stays. */
  async removeBroker(id: number, note: (text: string) => void): Promise<void> {
    const broker = this.#broker(id);
    if (this.#brokers.size === 1) throw new MillraceError('BROKER_NOT_REMOVED', `broker ${id} is the only one`);
    const disorder = await broker.stop();
    this.#brokers.delete(id);
    this.#file = { ...this.#file, brokers: this.#file.brokers.filter((known) => known.id !== id) };
    this.#save(true);
    note(`broker ${id} has ended; its data folder is left as it is`);
    expectInOrder([[id, disorder]]);
  }

  async restartAll(isRolling: boolean, note: (text: string) => void): Promise<void> {
    if (this.#isRestarting)
      throw new MillraceError('RESTART_RUNNING', 'expected one restart at a time, found another one on its way', {
        retriable: true,
      });
    this.#isRestarting = true;
    try {
      if (isRolling) await rollingRestart(this.#rollingBrokers(), { note, pause });
      else await this.#restartAtOnce();
    } finally {
      this.#isRestarting = false;
    }
  }

  #rollingBrokers(): RollingBrokers {
    return {
      ids: [...this.#brokers.keys()],
      restart: async (id) => {
        await this.stopBroker(id);
        await this.restart(id);
      },
      lacking: async () => {
        const counts = await Promise.all([...this.#brokers.values()].map(({ runner }) => runner?.lackingReplicas()));
        return counts.reduce((sum, count) => (sum === undefined || count === undefined ? undefined : sum + count), 0);
      },
    };
  }

  async #restartAtOnce(): Promise<void> {
    const brokers = [...this.#brokers];
    const ends = await Promise.all(brokers.map(async ([id, broker]) => [id, await broker.stop(true)] as const));
    for (const [, broker] of brokers) broker.start();
    await this.ready();
    expectInOrder(ends);
  }

  freeze(id: number, frozen: boolean): boolean {
    return this.#broker(id).runner?.freeze(frozen) ?? false;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  onChange(listener: (status: ClusterStatus) => void): void {
    this.#listeners.push(listener);
  }

  async #stopAll(): Promise<void> {
    const ends = await Promise.all(
      [...this.#brokers].map(async ([id, broker]) => [id, await broker.stop(true)] as const),
    );
    this.#save(
      false,
      ends.filter(([, disorder]) => disorder !== undefined).map(([id]) => id),
    );
    this.#options.control?.close();
    this.#options.unlock();
    expectInOrder(ends);
  }

  #broker(id: number): SupervisedBroker {
    const broker = this.#brokers.get(id);
    if (broker) return broker;
    const ids = [...this.#brokers.keys()].join(', ');
    throw new MillraceError('BROKER_UNKNOWN', `expected a broker of ${ids}, found ${id}`);
  }

  #changed(): void {
    if (this.#isStarted && this.#stopped === undefined) this.#save(true);
    if (this.#listeners.length === 0) return;
    const status = this.status();
    for (const listener of this.#listeners) listener(status);
  }

  /** Writes the cluster file, unless it says all that already: most changes of state do not change who runs. */
  #save(running: boolean, killed: readonly number[] = []): void {
    const { dataFolder } = this.#options;
    const file = this.#file;
    const brokers = file.brokers.map((broker) => ({
      ...broker,
      process: this.#brokers.get(broker.id)?.runner?.process ?? null,
    }));
    const next = { ...file, brokers, supervisor: running ? file.supervisor : null, killed };
    const text = JSON.stringify(next);
    if (text === this.#savedText) return;
    writeClusterFile(dataFolder, next);
    this.#savedText = text;
  }
}

function expectInOrder(ends: readonly (readonly [id: number, disorder: string | undefined])[]): void {
  const killed = ends.filter(([, disorder]) => disorder !== undefined);
  if (killed.length === 0) return;
  throw new MillraceError(
    'BROKER_KILLED',
    `expected all brokers to end in order, found that ${killed.map(([id, disorder]) => `broker ${id} ${disorder}`).join('; ')}. ` +
      'Their logs are recovered at the next start',
    { details: { brokers: killed.map(([id]) => id) } },
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(() => done(), ms));
}

async function untilReady(broker: SupervisedBroker, waitMsMax: number): Promise<void> {
  const { brokerId } = broker.file;
  const lateMessage = () =>
    `expected broker ${brokerId} to be ready within ${waitMsMax} ms: ${broker.row.waitsFor ?? broker.row.state}`;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new MillraceError('BROKER_NOT_READY', lateMessage(), { retriable: true, details: { broker: brokerId } }),
        ),
      waitMsMax,
    );
  });
  try {
    await Promise.race([broker.settled(), timeout]);
  } finally {
    clearTimeout(timer);
  }
  if (broker.row.state === 'ready') return;
  throw new MillraceError(
    broker.lastExit?.code ?? 'BROKER_NOT_READY',
    `expected broker ${brokerId} to be ready, found it ended: ${broker.lastExit?.message ?? broker.row.state}`,
  );
}
