import { silentLog } from '../../../base/log.ts';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import type { ApiHandler } from '../../api/handler.ts';
import type { BrokerServices } from '../../api/services.ts';
import { handlers } from '../../api/table.ts';
import { fakeServices } from '../../api/testing/fake-services.ts';
import { openAuthorizer } from '../../security/authorizer.ts';
import type { DispatchOptions } from '../dispatch.ts';
import { Dispatch } from '../dispatch.ts';
import { noQuotas } from '../exchange/request-quotas.ts';
import { routesOf } from '../exchange/route.ts';
import { MetricRegistry } from '../metrics/metric-registry.ts';
import { RequestMetrics } from '../metrics/request-metrics.ts';
import { quietDoor } from './quiet-door.ts';
import { testConfig } from './test-config.ts';

export interface TestDispatchOptions extends Partial<DispatchOptions> {
  readonly table?: readonly ApiHandler[];
  readonly services?: Partial<BrokerServices>;
  readonly registry?: MetricRegistry;
}

/** A dispatch over services that say little, with what the test replaces. */
export function testDispatch({ table = handlers, services = {}, registry, ...replace }: TestDispatchOptions = {}) {
  const served = new Set(table.map(({ key }) => key));
  const lent = fakeServices({ serves: (key) => served.has(key), ...services });
  return new Dispatch({
    clock: new ManualClock(),
    log: silentLog,
    routes: routesOf(table, lent),
    authorizer: openAuthorizer,
    login: { receiveBytesMax: 524_288, failureDelayMs: 100 },
    quotas: noQuotas,
    metrics: new RequestMetrics(registry ?? new MetricRegistry()),
    turnedAway: quietDoor(),
    inFlightRequestsMax: testConfig.settings.connectionInFlightRequestsMax,
    ...replace,
  });
}
