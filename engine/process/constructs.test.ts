import { describe, expect, it } from 'vitest';
import type { JobEvent } from './events.ts';
import { createEffects } from './events.ts';
import { createJob, framesOf } from './job.ts';
import { dataFor } from './job-data.ts';
import { step } from './step.ts';
import { drive, executionOf, planOf, play } from './testing/play.ts';
import { plays } from './testing/plays.ts';

describe('catches', () => {
  const two =
    'start -> s; s -> last; catchAll -> any; catchNet -> net; s[a catchAll catchNet any net]; catchNet:codes = "NET_DOWN, NET_*"';
  plays([
    [
      'J21 a failure goes to the catch that names its code, and not to the one for all',
      two,
      [
        ['start', 'begin s, run a'],
        ['a! NET_SLOW', 'begin catchNet, run net, skip catchAll any, done catchNet'],
        ['net', 'run last, done s'],
      ],
    ],
    [
      'J21 another one goes to the catch for all',
      two,
      [
        ['start', 'begin s, run a'],
        ['a! DISK', 'begin catchAll, run any, skip catchNet net, done catchAll'],
      ],
    ],
    [
      'J21 a failure that no catch names is not caught',
      'start -> s; s -> last; catch -> fix; s[a catch fix]; catch:codes = "NET_*"; s !> outer',
      [
        ['start', 'begin s, run a'],
        ['a! DISK', 'run outer, skip last, done s!'],
      ],
    ],
    [
      'J21 the longer beginning of a code is the more specific one',
      'start -> s; catch1 -> x; catch2 -> y; s[a catch1 catch2 x y]; catch1:codes = "NET_*"; catch2:codes = "NET_SLOW*"',
      [
        ['start', 'begin s, run a'],
        ['a! NET_SLOW_1', 'begin catch2, run y, skip catch1 x, done catch2'],
      ],
    ],
    [
      'J21 J5 an activity behind two catches runs behind the one that took the failure',
      'start -> s; catch1 -> x; catch2 -> x; s[a catch1 catch2 x]; catch1:codes = "NET"',
      [
        ['start', 'begin s, run a'],
        ['a! NET', 'begin catch1, run x, skip catch2, done catch1'],
        ['x', 'done s, end'],
      ],
    ],
    [
      'J21 a process has catches too: the job ends well when one of them took the failure',
      'start -> a; a -> b; catch -> fix',
      [
        ['start', 'run a'],
        ['a!', 'begin catch, run fix, skip b, done catch'],
        ['fix', 'end'],
      ],
    ],
    [
      'J22 a rethrow fails with what was caught, and no other catch of the scope takes it',
      'start -> s; s !> outer; catch -> rethrow; s[a catch rethrow]',
      [
        ['start', 'begin s, run a'],
        ['a! DISK', 'begin catch rethrow, run outer, done catch rethrow! s!'],
      ],
    ],
  ]);

  it('J22 what is thrown again keeps its code and the activity that failed', () => {
    const { job } = play(planOf('start -> s; s !> outer; catch -> rethrow; s[a catch rethrow]'), ['start', 'a! DISK']);
    const { error } = dataFor(job, executionOf(job, 'outer')) as { error: { code: string; activity: string } };
    expect([error.code, error.activity]).toEqual(['DISK', 'a']);
  });
});

describe('loops', () => {
  plays([
    [
      'J30 for each: a round for each item, one after the other',
      'start -> each; each -> last; each[a b]; a -> b; each.items = [1, 2]',
      [
        ['start', 'begin each, run a'],
        ['a', 'run b'],
        ['b', 'run a'],
        ['a', 'run b'],
        ['b', 'run last, done each'],
      ],
    ],
    [
      'J30 for each over nothing has completed',
      'start -> each; each -> last; each[a]; each.items = start.none',
      [['start', 'begin each, run last, done each']],
    ],
    [
      'J30 for each: several rounds at a time, as many as it says',
      'start -> each; each -> last; each[a]; each.items = [1, 2, 3]; each:parallel = 2',
      [
        ['start', 'begin each, run a a'],
        ['a', 'run a'],
        ['a', ''],
        ['a', 'run last, done each'],
      ],
    ],
    [
      'J30 after a failure no round begins; those under way end before the loop fails',
      'start -> each; each !> fix; each[a]; each.items = [1, 2, 3]; each:parallel = 2',
      [
        ['start', 'begin each, run a a'],
        ['a!', ''],
        ['a', 'run fix, done each!'],
      ],
    ],
    [
      'J29 a catch in a loop is that of a round: the loop goes on',
      'start -> each; each[a catch fix]; catch -> fix; each.items = [1, 2]',
      [
        ['start', 'begin each, run a'],
        ['a!', 'begin catch, run fix, done catch'],
        ['fix', 'run a'],
        ['a', 'skip catch fix, done each, end'],
      ],
    ],
    [
      'J31 while: the condition is looked at before each round',
      'start -> while; while -> last; while[a]; while.condition = while.index < 2',
      [
        ['start', 'begin while, run a'],
        ['a', 'run a'],
        ['a', 'run last, done while'],
      ],
    ],
    [
      'J31 while: the condition reads what the last round gave',
      'start -> while; while -> last; while[a]; while.condition = while.index = 0 or while.last.a.done = false',
      [
        ['start', 'begin while, run a'],
        ['a {"done":false}', 'run a'],
        ['a {"done":true}', 'run last, done while'],
      ],
    ],
    [
      'J31 repeat until: at least one round, and the condition reads what was in it',
      'start -> repeat; repeat -> last; repeat[a]; repeat.until = a.done',
      [
        ['start', 'begin repeat, run a'],
        ['a {"done":false}', 'run a'],
        ['a {"done":true}', 'run last, done repeat'],
      ],
    ],
    [
      'J31 a condition that cannot be evaluated fails the loop',
      'start -> while; while !> fix; while[a]; while.condition = start.n < "x"',
      [['start {"n":1}', 'begin while, run fix, done while!']],
    ],
    [
      'J31 a loop with more rounds than it may have fails',
      'start -> repeat; repeat !> fix; repeat[a]; repeat.until = false; repeat:roundsMax = 2',
      [
        ['start', 'begin repeat, run a'],
        ['a', 'run a'],
        ['a', 'run fix, done repeat!'],
      ],
    ],
    [
      'J32 repeat on error: again after a wait, until it goes well',
      'start -> retry; retry -> last; retry[a b]; a -> b',
      [
        ['start', 'begin retry, run a'],
        ['a!', 'delay retry'],
        ['retry~', 'run a'],
        ['a', 'run b'],
        ['b', 'run last, done retry'],
      ],
    ],
    [
      'J32 repeat on error fails with its last failure after so many tries',
      'start -> retry; retry !> fix; retry[a]; retry:attempts = 2',
      [
        ['start', 'begin retry, run a'],
        ['a! ONE', 'delay retry'],
        ['retry~', 'run a'],
        ['a! TWO', 'run fix, done retry!'],
      ],
    ],
    [
      'J32 repeat on error does not try again what no other try can mend, when told so',
      'start -> retry; retry !> fix; retry[a]; retry:which = "retriable"',
      [
        ['start', 'begin retry, run a'],
        ['a!', 'run fix, done retry!'],
      ],
    ],
    [
      'J32 repeat on error stops when its condition holds, which reads the failure',
      'start -> retry; retry !> fix; retry[a]; retry.until = error.code = "BAD"',
      [
        ['start', 'begin retry, run a'],
        ['a! NET', 'delay retry'],
        ['retry~', 'run a'],
        ['a! BAD', 'run fix, done retry!'],
      ],
    ],
  ]);

  it('J29 a round reads the item, its number, and what ran before the loop; outside there is what was collected, in order', () => {
    const text = `start -> each; each -> last; each[a]; each:parallel = 3
      each.items = start.list
      each.collect = {"of": each.item, "got": a.x}`;
    const { job } = play(planOf(text), ['start {"list":[5,6,7]}']);
    const rounds = framesOf(job).slice(1);
    expect(rounds.map(({ data }) => [data.each, data.start])).toEqual(
      [5, 6, 7].map((item, index) => [{ item, index, count: 3 }, { list: [5, 6, 7] }]),
    );
    for (const index of [2, 0, 1]) {
      const execution = rounds[index]!.firstExecution;
      drive(job, { type: 'completed', execution, output: { x: index } }, createEffects());
    }
    expect(job.root.data.each).toEqual({
      count: 3,
      outputs: [
        { of: 5, got: 0 },
        { of: 6, got: 1 },
        { of: 7, got: 2 },
      ],
      a: { x: 1 },
    });
  });

  it('J32 waits longer from try to try, up to the longest wait', () => {
    const plan = planOf(
      'start -> retry; retry[a]; retry:attempts = 6; retry:delayMs = 100; retry:factor = 3; retry:delayMsMax = 1000; retry:jitter = 0.5',
    );
    const job = createJob(plan, 'j');
    const waits: unknown[] = [];
    drive(job, { type: 'started', output: {} }, createEffects());
    while (!job.hasEnded) {
      const effects = createEffects();
      const error = { code: 'NET', message: '', activity: 'a', retriable: true };
      drive(job, { type: 'failed', execution: executionOf(job, 'a'), error }, effects);
      const [ask] = effects.asks;
      if (!ask) continue;
      waits.push(ask.want === 'delay' && ask.delay);
      drive(
        job,
        { type: 'answered', execution: ask.execution, token: ask.token, ok: true, answer: null },
        createEffects(),
      );
    }
    expect(waits).toEqual([100, 300, 900, 1000, 1000].map((ms) => ({ ms, jitter: 0.5 })));
  });
});

describe('the bounds of a step', () => {
  const ended = (job: { hasEnded: boolean }, first: JobEvent) => {
    const effects = createEffects();
    step(job as never, first, effects);
    return effects;
  };

  it('J13 a thousand empty scopes in a row, and four thousand disabled activities, take no stack', () => {
    const scopes = Array.from({ length: 1_000 }, (_, index) => `s${index}[]; s${index} -> s${index + 1}`).join(';');
    const job = createJob(planOf(`start -> s0; ${scopes}; s1000[]`), 'j');
    expect(ended(job, { type: 'started', output: {} }).ended).toMatchObject({ ok: true });
    const off = Array.from({ length: 4_000 }, (_, index) => `a${index} -> a${index + 1}; off a${index}`).join(';');
    const other = createJob(planOf(`start -> a0; ${off}; off a4000`), 'j');
    expect(ended(other, { type: 'started', output: {} }).ended).toMatchObject({ ok: true });
  });

  it('J29 each round of a loop waits for an event of its own, and only the rounds under way are kept', () => {
    const job = createJob(planOf('start -> each; each[]; each.items = [1..10000]'), 'j');
    const effects = createEffects();
    step(job, { type: 'started', output: {} }, effects);
    const execution = executionOf(job, 'each');
    const items = Array.from({ length: 10_000 }, (_, index) => index);
    let [ask] = effects.asks.splice(0);
    let events = 0;
    while (ask && events < 20_000) {
      events++;
      const answer = ask.want === 'input' ? { items } : undefined;
      step(job, { type: 'answered', execution, token: ask.token, ok: true, answer }, effects);
      [ask] = effects.asks.splice(0);
      expect(framesOf(job).length).toBeLessThan(4);
    }
    expect(events).toBe(10_001);
    expect(effects.ended).toMatchObject({ ok: true });
  });
});
