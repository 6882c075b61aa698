import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { InflationGate } from '../log/checks/inflation-gate.ts';
import type { DiskState } from './disk-state.ts';
import type { IsrProposer } from './in-sync/isr-changes.ts';
import type { BrokerState } from './in-sync/isr-policy.ts';
import type { PartitionMoved } from './partition-moved.ts';
import type { TopicTraffic } from './topic-traffic.ts';

/** What a partition needs of the broker around it. */
export interface PartitionHost {
  readonly localId: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly lagTimeMaxMs: number;
  /** Bounds the work on compressed batches over all partitions. */
  readonly inflations: InflationGate;
  readonly diskState: DiskState;
  /** A broker as the committed metadata knows it; undefined when it does not. */
  brokerState(brokerId: number): BrokerState | undefined;
  /** Where what goes through a topic is counted. */
  trafficOf(topic: string): TopicTraffic;
  /** Something changed that others may wait for. */
  moved(change: PartitionMoved): void;
  /** The partition's pending in-sync set should go to the controller. */
  isrProposed(partition: IsrProposer): void;
}
