import { describe, expect, it } from 'vitest';
import type { JobError } from '../spi/runtime.ts';
import { compileProcess } from './compile-process.ts';
import { evaluateConditions } from './conditions.ts';
import { createEffects } from './events.ts';
import type { Job } from './job.ts';
import { createJob } from './job.ts';
import { dataFor } from './job-data.ts';
import { step } from './step.ts';
import { drive, errorOf, executionOf, planOf, play } from './testing/play.ts';
import { catalog, host, processOf } from './testing/process-of.ts';

/** What the activity of an id reads. */
function dataOf(job: Job, id: string): Record<string, unknown> {
  return dataFor(job, executionOf(job, id)) as Record<string, unknown>;
}

const scenarios: readonly [string, string, readonly [string, string][]][] = [
  ['J1 a starter alone is a job that ends', 'start', [['start', 'end']]],
  [
    'J2 all success transitions are taken',
    'start -> a; start -> b',
    [
      ['start', 'run a b'],
      ['b', ''],
      ['a', 'end'],
    ],
  ],
  [
    'J2 every condition that holds is taken, by the output of the activity (J10)',
    'start ?(start.n > 1)> a; start ?(start.n > 2)> b; start ?(start.n > properties.limit)> c; start else> d',
    [
      ['start {"n":3}', 'run a b, skip c d'],
      ['a', ''],
      ['b', 'end'],
    ],
  ],
  [
    'J3 otherwise is taken when no condition held, whatever success transitions do',
    'start ?(start.n > 1)> a; start else> d; start -> e',
    [
      ['start {"n":0}', 'run e d, skip a'],
      ['e', ''],
      ['d', 'end'],
    ],
  ],
  [
    'J4 a join waits for all branches and runs once',
    'start -> a; start -> b; a -> join; b -> join; join -> last',
    [
      ['start', 'run a b'],
      ['a', ''],
      ['b', 'run join'],
      ['join', 'run last'],
      ['last', 'end'],
    ],
  ],
  [
    'J5 a join does not wait for a branch that was not taken',
    'start ?(start.n = 1)> a; start else> b; a -> a2; a2 -> join; b -> join',
    [
      ['start {"n":1}', 'run a, skip b'],
      ['a', 'run a2'],
      ['a2', 'run join'],
      ['join', 'end'],
    ],
  ],
  [
    'J5 a branch that dies as a whole takes the join with it',
    'start ?(start.n = 1)> a; start ?(start.n = 1)> b; a -> join; b -> join; join -> last; start -> other',
    [
      ['start {"n":2}', 'run other, skip a b join last'],
      ['other', 'end'],
    ],
  ],
  [
    'J5 what nothing leads to is skipped from the start and holds up no join',
    'start -> join; lost -> lost2; lost2 -> join; join -> last',
    [
      ['start', 'run join'],
      ['join', 'run last'],
      ['last', 'end'],
    ],
  ],
  [
    'J6 an error transition takes the failure and kills the others',
    'start -> a; a -> b; a ?(true)> c; a !> fix; fix -> join; b -> join',
    [
      ['start', 'run a'],
      ['a!', 'run fix, skip b c'],
      ['fix', 'run join'],
      ['join', 'end'],
    ],
  ],
  [
    'J6 error transitions are dead when nothing fails',
    'start -> a; a !> fix; fix -> last; a -> last',
    [
      ['start', 'run a'],
      ['a', 'run last, skip fix'],
      ['last', 'end'],
    ],
  ],
  [
    'J6 J7 a failure nobody takes lets active ones finish and starts nothing',
    'start -> a; start -> b; a -> a2; b -> b2',
    [
      ['start', 'run a b'],
      ['a!', ''],
      ['b', 'failed in a'],
    ],
  ],
  [
    'J7 the first failure is the one that counts',
    'start -> a; start -> b',
    [
      ['start', 'run a b'],
      ['b!', ''],
      ['a!', 'failed in b'],
    ],
  ],
  [
    'J8 a disabled activity is passed over',
    'start -> a; a ?(start.n = 1)> b; a else> c; a !> d; off a',
    [
      ['start {"n":1}', 'run b, skip c d'],
      ['b', 'end'],
    ],
  ],
  ['J8 a disabled last activity ends the job', 'start -> a; a -> b; off a; off b', [['start', 'end']]],
  [
    'J9 a condition that fails is a failure of its activity',
    'start -> a; a ?(start.n > "x")> b; a !> fix',
    [
      ['start {"n":1}', 'run a'],
      ['a', 'run fix, skip b'],
      ['fix', 'end'],
    ],
  ],
  [
    'J9 whose error path sees what could not be evaluated (J11)',
    'start -> a; a ?(start.n > "x")> b; a !> fix; fix ?(error.transition = "t1")> c; fix else> d',
    [
      ['start {"n":1}', 'run a'],
      ['a', 'run fix, skip b'],
      ['fix', 'run c, skip d'],
      ['c', 'end'],
    ],
  ],
  [
    'J9 and fails the job without an error transition',
    'start ?(start.n > "x")> b',
    [['start {"n":1}', 'failed in start']],
  ],
];

describe('a job', () => {
  it.each(scenarios)('%s', (_name, process, steps) => {
    const { lines } = play(
      planOf(process),
      steps.map(([event]) => event),
    );
    expect(lines).toEqual(steps.map(([, expected]) => expected));
  });

  it('has the outputs of its activities as data, and the error behind an error transition', () => {
    const { job } = play(planOf('start -> a; a -> b; b !> fix'), ['start {"n":1}', 'a {"x":2}', 'b!']);
    const outputs = { job: { id: 'j1', process: 'p' }, properties: { limit: 10 }, start: { n: 1 }, a: { x: 2 } };
    expect(job.root.data).toEqual(outputs);
    expect(dataOf(job, 'fix')).toEqual({
      ...outputs,
      error: errorOf('b'),
      errors: { b: errorOf('b') },
    });
  });

  const failed: readonly [string, string, readonly string[], Readonly<Record<string, readonly string[]>>][] = [
    [
      'J11 two handlers side by side see their own error, and activities on no error path see none',
      'start -> a; start -> b; start -> c; c -> d; a !> fixA; b !> fixB; fixA -> onA; fixB -> onB',
      ['start', 'a!', 'b!', 'fixA', 'fixB', 'c'],
      { fixA: ['a'], onA: ['a'], fixB: ['b'], onB: ['b'], c: [], d: [], a: [] },
    ],
    [
      'J11 a handler that fails as well is nearer than what it handled',
      'start -> a; a !> fix; fix !> last; last -> end',
      ['start', 'a!', 'fix!', 'last'],
      { fix: ['a'], last: ['fix', 'a'], end: ['fix', 'a'] },
    ],
    [
      'J11 a join of two error paths sees both, the first in the order of the document as error',
      'start -> a; start -> b; a !> fixA; b !> fixB; fixA -> join; fixB -> join',
      ['start', 'b!', 'a!', 'fixB', 'fixA'],
      { join: ['a', 'b'] },
    ],
    [
      'J11 an error path that comes back to the main one is left by no one who did not come that way',
      'start -> a; a -> main; a !> fix; fix -> main; start -> other; other -> join; main -> join',
      ['start', 'a!', 'fix', 'other', 'main'],
      { main: ['a'], other: [], join: ['a'] },
    ],
    [
      'J11 both ways to a failure are one',
      'start -> a; a !> x; a !> y; x -> join; y -> join',
      ['start', 'a!', 'x', 'y'],
      { join: ['a'] },
    ],
  ];

  it.each(failed)('%s', (_name, process, events, expected) => {
    const { job } = play(planOf(process), events);
    for (const [id, ids] of Object.entries(expected)) {
      const { error, errors } = dataOf(job, id);
      expect([id, (error as JobError | undefined)?.activity, Object.keys(errors ?? {})]).toEqual([id, ids[0], ids]);
    }
  });

  it('J11 an activity that is called errors keeps its name', () => {
    const { job } = play(planOf('start -> errors; errors -> a; a !> fix'), ['start', 'errors {"n":1}', 'a!']);
    expect(dataOf(job, 'fix')).toMatchObject({ error: errorOf('a'), errors: { n: 1 } });
  });

  it('J12 the same events give the same job again, whatever chance and time would say now', () => {
    let draws = 0;
    const chancy = { clock: { now: () => ++draws }, random: { next: () => (++draws % 2 ? 0.9 : 0.1) } };
    const process = processOf('start ?($random() < 0.5)> a; start ?($random() < 0.5)> b; start else> c; a -> d');
    const plan = compileProcess(process, { catalog, host: chancy, properties: {} });
    if (!plan.ok) throw new Error();
    const job = createJob(plan.value, 'j');
    const events = drive(job, { type: 'started', output: {} }, createEffects());
    expect(events.map(({ type }) => type)).toEqual(['started', 'evaluated']);
    const drawn = draws;
    for (let replay = 0; replay < 3; replay++) {
      const again = createJob(plan.value, 'j');
      for (const event of events) step(again, event, createEffects());
      expect(again).toEqual(job);
    }
    expect([drawn, draws]).toEqual([2, 2]);
  });

  it('asks the driver for conditions that need the interpreter', async () => {
    const plan = planOf('start ?($count($map([start.n], function($x) { $x })) = 1)> a; start else> b');
    const { lines, job } = play(plan, ['start {"n":1}']);
    expect(lines).toEqual(['evaluate start']);
    const outcome = await evaluateConditions(job, executionOf(job, 'start'));
    const effects = createEffects();
    step(job, outcome, effects);
    expect(effects.execute).toEqual([plan.indexOf.get('a')]);
  });

  it('refuses events that cannot be: those are bugs of the driver', () => {
    expect(() => play(planOf('start -> a'), ['start', 'a', 'a'])).toThrow('after its end');
    expect(() => play(planOf('start -> a; a -> b'), ['start', 'b'])).toThrow('not active');
  });
});

describe('compileProcess', () => {
  it.each([
    ['a -> b', ['STARTER_COUNT']],
    ['start -> a; a -> b; b -> a', ['CYCLE']],
    ['start ?(a +)> b', ['EXPRESSION_SYNTAX']],
  ])('refuses %s', (text, codes) => {
    const result = compileProcess(processOf(text), { catalog, host, properties: {} });
    expect(result.ok ? [] : result.error.map(({ code }) => code)).toEqual(codes);
  });

  it('makes the input of an activity from the job’s data and names the field that fails', () => {
    const process = processOf('start -> a');
    const a = { ...process.activities.a!, input: { sum: 'start.n + 1', gone: 'start.x', blank: ' ' } };
    const result = compileProcess(
      { ...process, activities: { ...process.activities, a } },
      { catalog, host, properties: {} },
    );
    if (!result.ok) throw new Error();
    const { input } = result.value.activities[result.value.indexOf.get('a')!]!;
    expect(input.isSync).toBe(true);
    expect(input.evaluate({ start: { n: 1 } })).toEqual({ sum: 2 });
    expect(() => input.evaluate({ start: { n: 'x' } })).toThrow(
      'input sum: expected a number to the left of "+", but found "x"',
    );
  });
});
