import { expect, it } from 'vitest';
import { testConfig, testJob, testRuntimeHost } from '../../../test/kit/runtime-host.ts';
import sleep from './activity.ts';
import { runtime } from './runtime.ts';

async function sleeping(input: Record<string, unknown>, signal = testJob.signal) {
  const host = testRuntimeHost();
  const instance = await runtime.open(testConfig(sleep, { delayMs: 100 }), host);
  let woke: unknown;
  const result = instance.execute(input, { ...testJob, signal }) as Promise<unknown>;
  void result.then((output) => {
    woke = output;
  });
  return { clock: host.clock, woke: () => woke };
}

it('sleeps as long as its setting says, or its input', async () => {
  const { clock, woke } = await sleeping({});
  clock.advance(99);
  await Promise.resolve();
  expect(woke()).toBeUndefined();
  clock.advance(1);
  await Promise.resolve();
  expect(woke()).toEqual({ sleptMs: 100 });
  const other = await sleeping({ delayMs: 5 });
  other.clock.advance(5);
  await Promise.resolve();
  expect(other.woke()).toEqual({ sleptMs: 5 });
});

it('wakes when its execution is given up, and leaves no timer', async () => {
  const giveUp = new AbortController();
  const { clock, woke } = await sleeping({}, giveUp.signal);
  clock.advance(10);
  giveUp.abort();
  await Promise.resolve();
  expect(woke()).toEqual({ sleptMs: 10 });
  expect(clock.nextDueMs).toBeUndefined();
});

it('refuses what is no time', async () => {
  await expect(sleeping({ delayMs: 'long' })).rejects.toMatchObject({ code: 'SLEEP_INVALID' });
});
