import { expect, it } from 'vitest';
import { createRun } from '../../../engine/run/create-run.ts';
import { benchOf, caller, startRun, subprocess } from '../../../test/kit/construct-run.ts';

it('refuses input that is not what the called process declares', async () => {
  const { bench, run } = await startRun([caller({}, { price: '"much"' }), subprocess]);
  bench.emit({ n: 7 });
  expect(bench.executed).toEqual([{ code: 'CALL_INPUT_INVALID' }]);
  await run.stop();
});

it('is run by those that call it, and not by itself', async () => {
  const { project, options } = benchOf([caller(), subprocess]);
  const run = createRun(project, { ...options, processes: ['sub'] });
  await expect(run.start()).rejects.toMatchObject({ code: 'PROCESS_IS_CALLED' });
});
