import { expect, it } from 'vitest';
import { MillraceError } from '../../../engine/base/errors.ts';
import { createRun } from '../../../engine/run/create-run.ts';
import { activity, Bench, projectOf, starter, wire, work } from '../../../test/kit/run-bench.ts';
import scope from '../scope/activity.ts';
import catchFailure from './activity.ts';

const project = projectOf({
  activities: {
    start: activity('start', starter.type),
    scope: activity('scope', scope.type),
    send: activity('send', work.type, { parent: 'scope', input: { n: 'start.n' } }),
    catch: activity('catch', catchFailure.type, { parent: 'scope' }),
    fix: activity('fix', work.type, {
      parent: 'scope',
      input: { caught: 'catch', again: 'error', by: 'errors.send.code' },
    }),
    last: activity('last', work.type, { input: { code: 'scope.error.code', fixed: 'scope.fix.caught.message' } }),
  },
  transitions: [wire('start', 'scope'), wire('catch', 'fix'), wire('scope', 'last')],
});

it('gives what failed in its scope: activity, code, message and the record of the job, and the job goes on', async () => {
  const bench = new Bench();
  const catalog = new Map([...bench.catalog, [scope.type, scope], [catchFailure.type, catchFailure]]);
  bench.work = (input) => {
    if ('n' in input) throw new MillraceError('NO_ROOM', 'there is no room', { retriable: true });
    return input;
  };
  const run = createRun(project, bench.options({ catalog }));
  await run.start();
  bench.emit({ n: 7 });
  const error = {
    ...{ code: 'NO_ROOM', message: 'there is no room', activity: 'send', retriable: true, details: {} },
    record: { topic: 't', partition: 0, offset: 7 },
  };
  expect(bench.executed).toEqual([
    { n: 7 },
    { caught: error, again: error, by: 'NO_ROOM' },
    { code: 'NO_ROOM', fixed: 'there is no room' },
  ]);
  expect(bench.outcomes).toMatchObject([{ ok: true }]);
  await run.stop();
});
