import { messageOf } from '../../base/errors.ts';
import type { FrameConnection } from '../../base/net.ts';
import type { ConnectionVerdict } from '../quota/connection-limits.ts';
import type { BrokerInspection, BrokerOptions, StopOptions } from './broker-options.ts';
import { BrokerParts } from './broker-parts.ts';
import { dynamicNumber } from './config/dynamic-number.ts';
import { markCleanShutdown, openDataFolder } from './data-folder.ts';
import { MetricRegistry } from './metrics/metric-registry.ts';
import { RequestMetrics } from './metrics/request-metrics.ts';
import { TurnedAway } from './turned-away.ts';

/** A whole broker, controller included. Deterministic given its arguments: it touches no socket, file or timer itself. */
export class Broker {
  /** Resolves when clients may be sent here for the first time. */
  readonly ready: Promise<void>;
  readonly #options: BrokerOptions;
  readonly #registry = new MetricRegistry();
  readonly #metrics: RequestMetrics;
  readonly #turnedAway: TurnedAway;
  #parts: BrokerParts | undefined;
  #resolveReady: () => void = () => {};
  #stopped: Promise<void> | undefined;

  constructor(options: BrokerOptions) {
    this.#options = options;
    const { log, clock } = options;
    this.#metrics = new RequestMetrics(this.#registry, () => clock.monotonic());
    this.#turnedAway = new TurnedAway(
      log,
      (reason) => this.countTurnedAway(reason),
      () => clock.monotonic(),
    );
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
  }

  /**
   * Opens the data folder, joins the quorum, registers.
   * @throws MillraceError `DATA_FOLDER_FOREIGN`, `DISK_*`
   */
  start(): void {
    const { config, disk, random } = this.#options;
    this.#parts = new BrokerParts({
      ...this.#options,
      folder: openDataFolder(disk, config.dataFolder, random, config),
      registry: this.#registry,
      requestMetrics: this.#metrics,
      turnedAway: this.#turnedAway,
      onReady: this.#resolveReady,
    });
    this.#parts.start();
  }

  /** Takes a client or a peer that has connected. */
  accept(connection: FrameConnection): void {
    if (this.#parts && !this.#stopped) this.#parts.dispatch.serve(connection);
    else connection.close('the broker does not serve now');
  }

  /** Connections at a time, as it was set while this broker ran; undefined where it was not. */
  get connectionsMax(): number | undefined {
    const image = this.#parts?.image;
    return image && dynamicNumber(image, this.#options.config.brokerId, 'max.connections');
  }

  /** A client has connected from an address: whether it is served, and when. */
  clientOpened(address: string): ConnectionVerdict {
    const nowMs = this.#options.clock.monotonic();
    return this.#parts?.quotas.connections.opened(address, nowMs) ?? { afterMs: 0, refusal: undefined };
  }

  /** The connection of such a client is gone. */
  clientClosed(address: string): void {
    this.#parts?.quotas.connections.closed(address);
  }

  /** Undefined while clients may be sent here; else what this broker waits for, in a few words. */
  unreadyReason(): string | undefined {
    if (this.#stopped) return 'stopping';
    return this.#parts ? this.#parts.unreadyReason() : 'starting';
  }

  /** Undefined before the start. */
  inspect(): BrokerInspection | undefined {
    return this.#parts?.inspect();
  }

  /** Partitions led here that lack an in-sync replica; undefined while clients may not be sent here. */
  lackingReplicas(): number | undefined {
    if (this.unreadyReason() !== undefined) return undefined;
    return this.inspect()?.partitions.filter(({ isLeader, isr, replicas }) => isLeader && isr.length < replicas.length)
      .length;
  }

  metricsText(): string {
    return this.#registry.text();
  }

  countTurnedAway(reason: string): void {
    this.#metrics.turnedAway(reason);
  }

  countTraffic(direction: 'in' | 'out', bytes: number): void {
    this.#metrics.traffic(direction, bytes);
  }

  /**
   * Controlled: moves leaderships away while a controller answers, flushes and closes the logs, leaves the mark of a clean
   * shutdown; a disk without room for the mark makes the next start look through its logs as after a crash. With `wholeCluster` nobody is left to take leaderships over, and nothing is waited for. A second call waits
   * for the first.
   */
  stop(options: StopOptions = {}): Promise<void> {
    this.#stopped ??= this.#stop(options);
    return this.#stopped;
  }

  async #stop(options: StopOptions): Promise<void> {
    const { log } = this.#options;
    const parts = this.#parts;
    if (!parts) return;
    const { brokerEpoch } = parts.lifecycle;
    await parts.stop(options);
    // Logs that were damaged before this start and never opened in it are as damaged as they were.
    if (brokerEpoch >= 0 && (parts.hasOpenedLogs || parts.startedClean)) this.#markClean(brokerEpoch);
    log.info('stopped');
  }

  #markClean(brokerEpoch: number): void {
    const { config, disk, log } = this.#options;
    try {
      markCleanShutdown(disk, config.dataFolder, brokerEpoch);
    } catch (error) {
      log.warn('stopped in order, but its mark could not be written', {
        reason: messageOf(error),
        next: 'the next start looks through the logs as after a crash',
      });
    }
  }
}
