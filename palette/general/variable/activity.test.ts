import { expect, it } from 'vitest';
import { StateFile } from '../../../engine/run/state-file.ts';
import { processOf, start, startRun, variableOf } from '../../../test/kit/construct-run.ts';
import { wire } from '../../../test/kit/run-bench.ts';
import { testConfig, testRuntimeHost } from '../../../test/kit/runtime-host.ts';
import variable from './activity.ts';
import { runtime } from './runtime.ts';
import type { SharedVariable } from './shared-variable.ts';

it('refuses what the type of a variable does not allow', async () => {
  const { bench, run } = await startRun(
    [
      processOf(
        [start, ['set', 'general.set-variable', { config: { variable: 'total' }, input: { value: '"text"' } }]],
        [wire('start', 'set')],
      ),
    ],
    { resources: { total: variableOf('total', { scope: 'project', type: 'integer' }) } },
  );
  bench.emit({ n: 1 });
  expect(bench.outcomes).toMatchObject([{ ok: false, error: { code: 'VARIABLE_TYPE' } }]);
  await run.stop();
});

it('is kept for the next run when it is told so', async () => {
  const state = new StateFile(undefined, 'test');
  const config = testConfig(variable, { scope: 'project', keep: true, initial: '0' });
  const job = { process: 'flow', variables: new Map() };
  const open = async () => (await runtime.open(config, testRuntimeHost({ state }))).value as SharedVariable;
  (await open()).set(job, 5);
  expect((await open()).get(job)).toBe(5);
});
