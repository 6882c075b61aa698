import { expect, it } from 'vitest';
import { silentLog } from '../../../base/log.ts';
import { DescriptorWatch } from './descriptor-watch.ts';

it('notices that descriptors run out, frees those kept back, says so once, and notices when there are some again', () => {
  let free = 100;
  const lines: string[] = [];
  const log = {
    ...silentLog,
    error: (message: string) => void lines.push(message),
    info: (message: string) => void lines.push(message),
  };
  const watch = new DescriptorWatch({
    log,
    open: () => (free > 0 ? free-- : undefined),
    close: () => {
      free++;
    },
  });
  watch.check(0);
  expect([watch.isOut, free]).toEqual([false, 84]);
  free = 0;
  for (let second = 1; second <= 30; second++) {
    watch.check(second * 1_000);
    expect(watch.isOut).toBe(true);
    // Whoever asks how the broker is takes what was kept back.
    free = 0;
  }
  expect(lines).toHaveLength(1);
  free = 16;
  watch.check(30_500);
  expect(watch.isOut, 'no more than what had been kept back').toBe(true);
  free = 5;
  watch.check(31_000);
  expect(watch.isOut, 'too few to keep some back').toBe(true);
  free += 50;
  watch.check(32_000);
  expect(watch.isOut).toBe(false);
  expect(lines).toHaveLength(2);
});
