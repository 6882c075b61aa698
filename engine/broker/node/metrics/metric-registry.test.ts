import { expect, it } from 'vitest';
import { MetricRegistry } from './metric-registry.ts';

it('prints counters, gauges and histograms as Prometheus reads them', () => {
  const registry = new MetricRegistry();
  const counter = registry.counter('hits_total', 'Hits.', ['path']);
  counter.add(2, 'a"b\n');
  counter.add(1, 'a"b\n');
  registry.gauge('depth', 'Depth.', [], () => [[[], 7]]);
  const histogram = registry.histogram('wait_seconds', 'Waits.', ['api'], [0.1, 1]);
  for (const seconds of [0.05, 0.1, 0.5, 3]) histogram.observe(seconds, 'Fetch');
  expect(registry.text()).toBe(
    [
      '# HELP hits_total Hits.',
      '# TYPE hits_total counter',
      'hits_total{path="a\\"b\\n"} 3',
      '# HELP depth Depth.',
      '# TYPE depth gauge',
      'depth 7',
      '# HELP wait_seconds Waits.',
      '# TYPE wait_seconds histogram',
      'wait_seconds_bucket{api="Fetch",le="0.1"} 2',
      'wait_seconds_bucket{api="Fetch",le="1"} 3',
      'wait_seconds_bucket{api="Fetch",le="+Inf"} 4',
      'wait_seconds_sum{api="Fetch"} 3.65',
      'wait_seconds_count{api="Fetch"} 4',
      '',
    ].join('\n'),
  );
});
