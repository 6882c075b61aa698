import { expect, it } from 'vitest';
import { testConfig, testJob, testRuntimeHost } from '../../../test/kit/runtime-host.ts';
import thrown from './activity.ts';
import { runtime } from './runtime.ts';

it('fails with its code, its message, and the data for whoever catches it', async () => {
  const config = testConfig(thrown, { code: 'NO_STOCK', retriable: true });
  const instance = await runtime.open(config, testRuntimeHost());
  const execute = () => instance.execute({ message: 'none left', data: { item: 7 } }, testJob);
  expect(execute).toThrow(
    expect.objectContaining({
      code: 'NO_STOCK',
      message: 'none left',
      retriable: true,
      details: { data: { item: 7 } },
    }),
  );
});

it('takes no code that a Catch could not name', () => {
  expect(() => testConfig(thrown, { code: 'no room' })).toThrow('text that matches');
});
