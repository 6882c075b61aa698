import type { Cancel, Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { HostedPartitions } from './hosting/hosted-partitions.ts';
import type { ReplicaSettings } from './replica-settings.ts';

export interface UpkeepOptions {
  readonly hosted: HostedPartitions;
  readonly settings: ReplicaSettings;
  readonly clock: Clock;
  readonly log: Log;
}

/** What has to be done for all replicas again and again: lagging members leave in-sync sets, checkpoints, retention. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #timers: Cancel[] = [];
  #isStopped = false;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  start(): void {
    const { hosted, settings } = this.#options;
    this.#repeat(settings.replicaLagTimeMaxMs / 2, () => {
      for (const partition of hosted.table) partition.maybeShrinkIsr();
    });
    this.#repeat(settings.replicaHighWatermarkCheckpointIntervalMs, () => {
      void hosted.writeCheckpointsInBackground();
    });
    this.#repeat(settings.logRetentionCheckIntervalMs, () => this.#enforceRetention());
  }

  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#timers.splice(0)) cancel();
  }

  #enforceRetention(): void {
    const { hosted, log } = this.#options;
    for (const partition of hosted.table) {
      try {
        partition.enforceRetention();
      } catch (error) {
        if (hosted.diskState.failed(error)) return;
        log.error('cannot enforce retention', { partition: partition.key, reason: messageOf(error) });
      }
    }
  }

  #repeat(intervalMs: number, action: () => void): void {
    const slot = this.#timers.length;
    const arm = () => {
      this.#timers[slot] = this.#options.clock.after(intervalMs, () => {
        if (this.#isStopped) return;
        action();
        arm();
      });
    };
    this.#timers.push(() => {});
    arm();
  }
}
