import { expect, it } from 'vitest';
import { once } from './once.ts';

it('starts its work once, also when the work calls it again', async () => {
  let starts = 0;
  const inner: Promise<string>[] = [];
  const stop = once(async () => {
    starts++;
    inner.push(stop());
    return 'stopped';
  });
  expect(await Promise.all([stop(), stop(), ...inner])).toEqual(['stopped', 'stopped', 'stopped']);
  expect(starts).toBe(1);
});

it('rejects every call with what its work throws', async () => {
  const stop = once(async () => {
    throw new Error('no');
  });
  await expect(stop()).rejects.toThrow('no');
  await expect(stop()).rejects.toThrow('no');
});
