import { expect, it } from 'vitest';
import { inside, processOf, start, startRun, turns } from '../../../test/kit/construct-run.ts';
import { wire, work } from '../../../test/kit/run-bench.ts';

it('gives up a job that waits when the process is stopped, at once, and what is being tried may end', async () => {
  const { bench, run } = await startRun([
    processOf(
      [
        start,
        ['retry', 'general.repeat-on-error', { config: { delayMs: 60_000 } }],
        ['send', work.type, inside('retry')],
      ],
      [wire('start', 'retry')],
    ),
  ]);
  let end = () => {};
  bench.work = () =>
    new Promise((_resolve, reject) => {
      end = () => reject(new Error('no'));
    });
  bench.emit({ n: 1 });
  end();
  await turns(() => bench.clock.nextDueMs !== undefined);
  bench.emit({ n: 2 });
  const stopped = run.stop();
  await turns(() => bench.outcomes.length === 1);
  expect(bench.outcomes).toMatchObject([{ ok: false, error: { code: 'JOB_ABANDONED', retriable: true } }]);
  // The other one fails while the process stops: it waits for no other try.
  end();
  await turns(() => bench.outcomes.length === 2);
  expect(bench.outcomes[1]).toMatchObject({ ok: false, error: { code: 'JOB_ABANDONED' } });
  await stopped;
});

it('a Repeat on Error waits between its tries, the job says until when, and the last failure counts', async () => {
  const { bench, run } = await startRun([
    processOf(
      [
        start,
        ['retry', 'general.repeat-on-error', { config: { attempts: 3, delayMs: 100, jitter: 0 } }],
        ['send', work.type, inside('retry', { input: { attempt: 'retry.attempt', before: 'retry.error.message' } })],
        ['fix', work.type, { input: { code: 'error.message' } }],
      ],
      [wire('start', 'retry'), wire('retry', 'fix', 'error')],
    ),
  ]);
  bench.work = (input) => {
    if ('attempt' in input) throw new Error(`no ${input.attempt}`);
    return input;
  };
  bench.emit({ n: 1 });
  const retryRow = () => run.job(run.jobs()[0]!.id)!.activities.find((each) => each.activity === 'retry')!;
  expect(retryRow().waitsUntilMs).toBe(bench.clock.now() + 100);
  bench.clock.advance(99);
  expect(bench.executed).toHaveLength(1);
  bench.clock.advance(1);
  expect(retryRow().waitsUntilMs).toBe(bench.clock.now() + 200);
  bench.clock.advance(200);
  expect(bench.executed).toEqual([
    { attempt: 1 },
    { attempt: 2, before: 'no 1' },
    { attempt: 3, before: 'no 2' },
    { code: 'no 3' },
  ]);
  expect(retryRow()).not.toHaveProperty('waitsUntilMs');
  expect(bench.outcomes).toMatchObject([{ ok: true }]);
  await run.stop();
});
