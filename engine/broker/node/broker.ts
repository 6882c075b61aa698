import type { Clock } from '../../base/clock.ts';
import type { Disk } from '../../base/disk.ts';
import type { Log } from '../../base/log.ts';
import type { Dialer, FrameConnection } from '../../base/net.ts';
import type { Random } from '../../base/random.ts';
import type { BrokerServices } from '../api/services.ts';
import { handlers } from '../api/table.ts';
import type { BrokerConfig } from './config/broker-config.ts';
import { describeSettings } from './config/broker-config.ts';
import { Dispatch } from './dispatch.ts';
import { MetricRegistry } from './metrics/metric-registry.ts';
import { RequestMetrics } from './metrics/request-metrics.ts';

export interface BrokerOptions {
  readonly config: BrokerConfig;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly dialer: Dialer;
  readonly log: Log;
  /** The broker cannot go on (a disk that fails): whoever runs it must end it. */
  readonly onFatal: (error: Error) => void;
}

/** A whole broker, controller included. Deterministic given its arguments: it touches no socket, file or timer itself. */
export class Broker {
  /** Resolves when clients may be sent here for the first time. */
  readonly ready: Promise<void>;
  readonly #registry = new MetricRegistry();
  readonly #metrics = new RequestMetrics(this.#registry);
  readonly #dispatch: Dispatch;
  #resolveReady: () => void = () => {};

  constructor({ config, clock, random, log }: BrokerOptions) {
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    const { brokerId, clusterId, settings, advertised, rack } = config;
    const view = {
      clusterId,
      brokers: new Map([[brokerId, { id: brokerId, ...advertised, rack, fenced: false }]]),
      topics: new Map(),
      topicsById: new Map(),
    };
    const services: BrokerServices = {
      brokerId,
      clusterId,
      clock,
      random,
      log,
      settings,
      serves: (apiKey) => this.#dispatch.serves(apiKey),
      describeSettings: () => describeSettings(config),
      metadata: () => view,
      activeControllerId: () => brokerId,
      controller: { submit: () => Promise.reject(new Error('there is no controller yet')) },
    };
    this.#dispatch = new Dispatch(handlers, services, this.#metrics);
  }

  start(): void {
    this.#resolveReady();
  }

  /** Takes a client or a peer that has connected. */
  accept(connection: FrameConnection): void {
    this.#dispatch.serve(connection);
  }

  /** Undefined while clients may be sent here; else what this broker waits for, in a few words. */
  unreadyReason(): string | undefined {
    return undefined;
  }

  metricsText(): string {
    return this.#registry.text();
  }

  countTraffic(direction: 'in' | 'out', bytes: number): void {
    this.#metrics.traffic(direction, bytes);
  }

  async stop(): Promise<void> {
    this.#dispatch.close('the broker stops');
  }
}
