import { expect, it } from 'vitest';
import { caller, inside, processOf, rowsOf, startRun } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

it('ends the called process out of a scope, and what else is under way in it', async () => {
  const sub = processOf(
    [
      ['input', 'general.start'],
      ['slow', work.type, { input: { slow: 'true' } }],
      ['scope', 'general.scope'],
      ['done', 'general.return', inside('scope', { input: { gross: 'input.price' } })],
    ],
    [wire('input', 'slow'), wire('input', 'scope')],
    'sub',
  );
  const { bench, run } = await startRun([caller(), sub]);
  bench.work = (input) => ('slow' in input ? new Promise(() => {}) : input);
  bench.emit({ n: 7 });
  expect(bench.executed.at(-1)).toEqual({ got: { gross: 7 } });
  expect(rowsOf(run)).toContain('call/sub:slow cancelled');
  expect(bench.outcomes).toMatchObject([{ ok: true }]);
  await run.stop();
});

it('refuses to hand back what the Start does not declare', async () => {
  const wrong = processOf(
    [
      ['input', 'general.start', { config: { output: { gross: 'number' } } }],
      ['done', 'general.return', { input: { gross: '"much"' } }],
    ],
    [wire('input', 'done')],
    'sub',
  );
  const { bench, run } = await startRun([caller(), wrong]);
  bench.emit({ n: 7 });
  expect(bench.executed).toEqual([{ code: 'CALL_OUTPUT_INVALID' }]);
  await run.stop();
});
