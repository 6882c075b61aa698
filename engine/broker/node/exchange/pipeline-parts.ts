import type { Clock } from '../../../base/clock.ts';
import type { Log } from '../../../base/log.ts';
import type { Authorizer } from '../../security/authorizer.ts';
import type { RequestMetrics } from '../metrics/request-metrics.ts';
import type { TurnedAway } from '../turned-away.ts';
import type { RequestQuotas } from './request-quotas.ts';
import type { Route } from './route.ts';

/** What holds while a client proves who it is. */
export interface LoginLimits {
  /** Largest request until then, in bytes. */
  readonly receiveBytesMax: number;
  /** Wait before a client is told that it could not, in ms. */
  readonly failureDelayMs: number;
}

/** What the steps use; the same for all connections of a broker. */
export interface PipelineParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly routes: ReadonlyMap<number, Route>;
  readonly authorizer: Authorizer;
  readonly quotas: RequestQuotas;
  readonly metrics: RequestMetrics;
  readonly turnedAway: TurnedAway;
  readonly login: LoginLimits;
}
