import { expect, it } from 'vitest';
import { inside, processOf, start, startRun } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

it('fails with what was caught: its code, and the activity that failed', async () => {
  const { bench, run } = await startRun([
    processOf(
      [
        start,
        ['scope', 'general.scope'],
        ['send', 'general.throw', inside('scope', { config: { code: 'NO_ROOM' }, input: { message: '"full"' } })],
        ['catch', 'general.catch', inside('scope')],
        ['note', work.type, inside('scope', { input: { code: 'error.code' } })],
        ['again', 'general.rethrow', inside('scope')],
      ],
      [wire('start', 'scope'), wire('catch', 'note'), wire('note', 'again')],
    ),
  ]);
  bench.emit({ n: 1 });
  expect(bench.executed).toEqual([{ code: 'NO_ROOM' }]);
  expect(bench.outcomes).toMatchObject([{ ok: false, error: { code: 'NO_ROOM', activity: 'send', message: 'full' } }]);
  await run.stop();
});
