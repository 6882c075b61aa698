import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import type { BrokerSettings, SettingDescription } from './broker-settings.ts';
import type { ClusterView } from './cluster-view.ts';
import type { ControllerGateway } from './controller-gateway.ts';

/** What handlers may use of their broker. Each part is added here when its class lands. */
export interface BrokerServices {
  readonly brokerId: number;
  readonly clusterId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly settings: BrokerSettings;
  /** Whether an API has a handler here; ApiVersions announces only those. */
  readonly serves: (apiKey: number) => boolean;
  /** Every setting with its value in text form: broker resources of DescribeConfigs. */
  readonly describeSettings: () => readonly SettingDescription[];
  /** The committed metadata of the cluster, as far as this broker has it. */
  readonly metadata: () => ClusterView;
  /** -1 when none is known. */
  readonly activeControllerId: () => number;
  readonly controller: ControllerGateway;
}
