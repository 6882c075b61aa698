import { expect, it } from 'vitest';
import { MetricRegistry } from './metric-registry.ts';

it('shows quantiles of the last minutes, and forgets what is older', () => {
  let nowMs = 0;
  const registry = new MetricRegistry();
  const summary = registry.summary('total_time_ms', 'Times.', 'request', () => nowMs);
  for (let ms = 1; ms <= 1_000; ms++) summary.observe(ms, 'Produce');
  const value = (quantile: string) =>
    Number(new RegExp(`total_time_ms\\{request="Produce",quantile="${quantile}"\\} (\\S+)`).exec(registry.text())?.[1]);
  for (const [quantile, expected] of [
    ['0.50', 500],
    ['0.75', 750],
    ['0.99', 990],
    ['0.999', 999],
  ] as const)
    expect(Math.abs(value(quantile) / expected - 1)).toBeLessThan(0.05);
  expect(registry.text()).toContain('# TYPE total_time_ms summary');
  expect(registry.text()).toContain('total_time_ms_count{request="Produce"} 1000');
  nowMs = 300_000;
  expect(value('0.50')).toBeGreaterThan(400);
  nowMs = 600_000;
  expect(value('0.50')).toBeNaN();
  expect(registry.text()).toContain('total_time_ms_count{request="Produce"} 1000');
  for (const size of [0, 1e-9, 1e15]) summary.observe(size, 'Fetch');
  expect(registry.text()).toContain('total_time_ms_count{request="Fetch"} 3');
});
