import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { CommandOutput } from './command-output.ts';

it('lets a command wait for a slow reader, so that nothing piles up', async () => {
  let largest = 0;
  const out = new Writable({
    highWaterMark: 1_000,
    write: (_chunk, _encoding, done) => void setImmediate(done),
  });
  const output = new CommandOutput(false, out, () => {});
  const { signal } = new AbortController();
  for (let n = 0; n < 500; n++) {
    output.write('x'.repeat(100));
    largest = Math.max(largest, out.writableLength);
    await output.drained(signal);
  }
  expect(largest).toBe(1_000);
});

it('waits no longer than the command runs', async () => {
  const out = new Writable({ highWaterMark: 1, write: () => {} });
  const output = new CommandOutput(false, out, () => {});
  const controller = new AbortController();
  output.write('more than fits');
  const drained = output.drained(controller.signal);
  controller.abort();
  await drained;
  expect(output.drained(controller.signal)).toBeUndefined();
});
