import { expect, it } from 'vitest';
import { testConfig, testJob, testRuntimeHost } from '../../../test/kit/runtime-host.ts';
import mapper from './activity.ts';
import { runtime } from './runtime.ts';

it('hands on what was mapped, as it is', async () => {
  const instance = await runtime.open(testConfig(mapper, {}), testRuntimeHost());
  const input = { id: 1, nested: { list: [1, 2] } };
  expect(instance.execute(input, testJob)).toBe(input);
});
