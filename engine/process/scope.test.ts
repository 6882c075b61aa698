import { describe, expect, it } from 'vitest';
import { compileProcess } from './compile-process.ts';
import { framesOf } from './job.ts';
import { dataFor } from './job-data.ts';
import { errorOf, executionOf, planOf, play } from './testing/play.ts';
import { catalog, host, processOf } from './testing/process-of.ts';

const scenarios: readonly [string, string, readonly [string, string][]][] = [
  [
    'J13 a scope begins everything that no transition leads to, and goes on when all of it has ended',
    'start -> s; s -> last; a -> b; s[a b c]',
    [
      ['start', 'begin s, run a c'],
      ['a', 'run b'],
      ['c', ''],
      ['b', 'run last, done s'],
      ['last', 'end'],
    ],
  ],
  [
    'J13 an empty scope has completed at once',
    'start -> s; s -> last; s[]',
    [
      ['start', 'begin s, run last, done s'],
      ['last', 'end'],
    ],
  ],
  [
    'J13 scopes stand in scopes',
    'start -> outer; outer -> last; inner -> after; outer[inner after]; inner[a b]; a -> b',
    [
      ['start', 'begin outer inner, run a'],
      ['a', 'run b'],
      ['b', 'run after, done inner'],
      ['after', 'run last, done outer'],
      ['last', 'end'],
    ],
  ],
  [
    'J13 a scope that is not reached is skipped as one',
    'start ?(start.n = 1)> s; start else> other; s[a]; s -> last; other -> last',
    [
      ['start {"n":2}', 'run other, skip s'],
      ['other', 'run last'],
      ['last', 'end'],
    ],
  ],
  [
    'J8 a disabled scope is passed over with all that is in it',
    'start -> s; s -> last; s[a]; off s',
    [
      ['start', 'run last'],
      ['last', 'end'],
    ],
  ],
  [
    'J15 a failure that no error transition takes goes to the catch, and the job goes on behind the scope',
    'start -> s; s -> last; a -> b; catch -> fix; s[a b catch fix]',
    [
      ['start', 'begin s, run a'],
      ['a!', 'begin catch, run fix, skip b, done catch'],
      ['fix', 'run last, done s'],
      ['last', 'end'],
    ],
  ],
  [
    'J15 what is active in the scope finishes before the catch begins, and starts nothing',
    'start -> s; s -> last; a -> a2; b -> b2; catch -> fix; s[a a2 b b2 catch fix]',
    [
      ['start', 'begin s, run a b'],
      ['a!', ''],
      ['b', 'begin catch, run fix, skip a2 b2, done catch'],
      ['fix', 'run last, done s'],
      ['last', 'end'],
    ],
  ],
  [
    'J15 a catch without a branch has handled the failure by being there',
    'start -> s; s -> last; s[a catch]',
    [
      ['start', 'begin s, run a'],
      ['a!', 'begin catch, run last, done catch s'],
      ['last', 'end'],
    ],
  ],
  [
    'J15 an error transition takes precedence over the catch',
    'start -> s; a !> own; catch -> fix; s[a own catch fix]',
    [
      ['start', 'begin s, run a'],
      ['a!', 'run own'],
      ['own', 'skip catch fix, done s, end'],
    ],
  ],
  [
    'J15 J5 an activity that both the main flow and the catch lead to runs either way',
    'start -> s; a -> b; b -> join; catch -> fix; fix -> join; s[a b catch fix join]',
    [
      ['start', 'begin s, run a'],
      ['a!', 'begin catch, run fix, skip b, done catch'],
      ['fix', 'run join'],
      ['join', 'done s, end'],
    ],
  ],
  [
    'J18 without a failure the catch and what hangs on it alone is skipped',
    'start -> s; s -> last; a -> join; catch -> fix; fix -> join; s[a catch fix join]',
    [
      ['start', 'begin s, run a'],
      ['a', 'run join, skip catch fix'],
      ['join', 'run last, done s'],
      ['last', 'end'],
    ],
  ],
  [
    'J17 without a catch the scope fails, and its error transition takes it',
    'start -> s; s -> last; s !> fix; a -> b; s[a b]',
    [
      ['start', 'begin s, run a'],
      ['a!', 'run fix, skip last, done s!'],
      ['fix', 'end'],
    ],
  ],
  [
    'J17 a failure behind the catch fails the scope outwards',
    'start -> s; s -> last; catch -> fix; s[a catch fix]',
    [
      ['start', 'begin s, run a'],
      ['a!', 'begin catch, run fix, done catch'],
      ['fix!', 'done s!, failed in fix'],
    ],
  ],
  [
    'J17 a failure goes outwards to the first scope that catches',
    'start -> outer; outer[inner catch fix]; inner[a]; catch -> fix; outer -> last',
    [
      ['start', 'begin outer inner, run a'],
      ['a!', 'begin catch, run fix, done inner! catch'],
      ['fix', 'run last, done outer'],
      ['last', 'end'],
    ],
  ],
  [
    'J17 a disabled catch catches nothing',
    'start -> s; s[a catch fix]; catch -> fix; off catch',
    [
      ['start', 'begin s, run a'],
      ['a!', 'done s!, failed in a'],
    ],
  ],
  [
    'J19 a scope that is active when its parent fails runs to its end, as any active activity',
    'start -> s; start -> x; s -> last; a -> b; s[a b]',
    [
      ['start', 'begin s, run x a'],
      ['x!', ''],
      ['a', 'run b'],
      ['b', 'done s, failed in x'],
    ],
  ],
  [
    'J9 a condition behind a scope that cannot be evaluated is a failure of the scope',
    'start -> s; s ?(start.n > "x")> last; s !> fix; s[a]',
    [
      ['start {"n":1}', 'begin s, run a'],
      ['a', 'run fix, skip last, done s'],
      ['fix', 'end'],
    ],
  ],
];

describe('a scope', () => {
  it.each(scenarios)('%s', (_name, process, steps) => {
    const { lines } = play(
      planOf(process),
      steps.map(([event]) => event),
    );
    expect(lines).toEqual(steps.map(([, expected]) => expected));
  });

  it('J13 J14 hands out what its activities gave, and nothing else of it is seen outside', () => {
    const { job } = play(planOf('start -> a; a -> s; s -> last; s[b c]; b -> c'), [
      'start {"n":1}',
      'a {"x":1}',
      'b {"x":2}',
    ]);
    const outside = { job: { id: 'j1', process: 'p' }, properties: { limit: 10 }, start: { n: 1 }, a: { x: 1 } };
    expect(dataFor(job, executionOf(job, 'c'))).toEqual({ ...outside, b: { x: 2 } });
    expect(job.root.data).toEqual(outside);
    const ended = play(planOf('start -> s; s -> last; s[b c]; b -> c'), ['start', 'b {"x":2}', 'c {"x":3}']).job;
    expect(dataFor(ended, executionOf(ended, 'last'))).toMatchObject({ s: { b: { x: 2 }, c: { x: 3 } } });
    expect(Object.keys(ended.root.data)).toEqual(['job', 'properties', 's']);
  });

  it('J16 the catch gives the failure, and behind it error and errors are of its scope', () => {
    const { job } = play(planOf('start -> s; s -> last; catch -> fix; s[a b catch fix]; b -> c; s[c]'), [
      'start',
      'b {"x":2}',
      'c',
      'a!',
    ]);
    const { catch: caught, error, errors, b } = dataFor(job, executionOf(job, 'fix')) as Record<string, unknown>;
    expect([caught, error, errors, b]).toEqual([errorOf('a'), errorOf('a'), { a: errorOf('a') }, { x: 2 }]);
  });

  it('J16 a scope that caught something says so outside, beside what its activities gave', () => {
    const { job } = play(planOf('start -> s; s -> last; catch -> fix; s[a catch fix]'), ['start', 'a!', 'fix {"x":1}']);
    const data = dataFor(job, executionOf(job, 'last')) as Record<string, unknown>;
    expect(data.s).toEqual({ error: errorOf('a'), catch: errorOf('a'), fix: { x: 1 } });
    expect([data.error, data.errors]).toEqual([undefined, undefined]);
  });

  it('J11 J17 behind an error transition of a scope errors names the scope, and error the activity inside', () => {
    const { job } = play(planOf('start -> s; s !> fix; fix -> t; s[a]; t[b]; b !> c; t[c]'), [
      'start',
      'a!',
      'fix',
      'b!',
    ]);
    const data = (id: string) => dataFor(job, executionOf(job, id)) as Record<string, unknown>;
    expect([data('fix').error, data('fix').errors]).toEqual([errorOf('a'), { s: errorOf('a') }]);
    // What led to a scope is known inside of it, and what failed inside is nearer.
    expect([data('b').error, data('b').errors]).toEqual([errorOf('a'), { s: errorOf('a') }]);
    expect([data('c').error, data('c').errors]).toEqual([errorOf('b'), { s: errorOf('a'), b: errorOf('b') }]);
  });

  it('J20 executions of a job have ids of their own, in the order in which frames are entered', () => {
    const { job } = play(planOf('start -> s; s -> t; s[a]; t[b]'), ['start', 'a']);
    expect(framesOf(job).map(({ firstExecution }) => firstExecution)).toEqual([0, 3, 4]);
    expect(executionOf(job, 'b')).toBe(4);
  });
});

describe('compileProcess', () => {
  it.each([
    ['start -> a; x[y]; a -> y', ['TRANSITION_CROSSES_SCOPE']],
    ['start -> s; s[catch a]; a -> catch', ['CATCH_PLACE']],
    ['start -> s; s[catch catch2]', ['CATCH_PLACE']],
    ['start -> catch', ['CATCH_PLACE']],
    ['x; s[start x]', ['STARTER_IN_SCOPE']],
    ['start; s[t]; t[s]', ['PARENT_CIRCLE']],
  ])('refuses %s', (text, codes) => {
    const result = compileProcess(processOf(text), { catalog, host, properties: {} });
    expect(result.ok ? [] : result.error.map(({ code }) => code)).toEqual(codes);
  });

  it('refuses a parent that is not there, or is no scope', () => {
    for (const parent of ['gone', 'start']) {
      const { activities, ...rest } = processOf('start -> a');
      const process = { ...rest, activities: { ...activities, a: { ...activities.a!, parent } } };
      const result = compileProcess(process, { catalog, host, properties: {} });
      expect(result.ok ? [] : result.error.map(({ code }) => code)).toContain('PARENT_MISSING');
    }
  });
});
