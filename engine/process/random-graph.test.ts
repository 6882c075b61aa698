import { expect, it } from 'vitest';
import type { Random } from '../base/random.ts';
import { randomBelow } from '../base/random.ts';
import { SeededRandom } from '../base/seeded-random.ts';
import type { ActivityCatalog, DeclaredActivity } from '../model/activity-catalog.ts';
import type { Activity, Process, Transition, TransitionKind } from '../model/document.ts';
import { compileProcess } from './compile-process.ts';
import type { ConditionOutcome } from './conditions.ts';
import { evaluateConditions } from './conditions.ts';
import type { JobEvent } from './events.ts';
import { clearEffects, createEffects } from './events.ts';
import { createJob } from './job.ts';
import type { Plan } from './plan.ts';
import { ActivityState, TransitionState } from './plan.ts';
import { step } from './step.ts';

const seed = 20_261_123;
const graphs = 1_500;
const host = { clock: { now: () => 0 }, random: { next: () => 0 } };
const declare = (type: string, kind: 'starter' | 'activity'): [string, DeclaredActivity] => [
  type,
  { type, title: type, kind, config: {}, input: {}, output: { type: 'any' } },
];
const catalog: ActivityCatalog = new Map([declare('t.start', 'starter'), declare('t.step', 'activity')]);
const kinds: readonly TransitionKind[] = ['success', 'success', 'condition', 'condition', 'otherwise', 'error'];
const conditions = ['true', 'false', 'start.n > 3', 'start.n < 3', 'start.missing', 'start.n > "x"'];

/** A random process without circles; some activities are disabled, some have nothing that leads to them. */
function randomProcess(random: Random): Process {
  const count = 1 + randomBelow(random, 12);
  const ids = ['start', ...Array.from({ length: count }, (_, index) => `a${index}`)];
  const activities = Object.fromEntries(
    ids.map((id): [string, Activity] => {
      const type = id === 'start' ? 't.start' : 't.step';
      return [id, { id, name: id, type, config: {}, input: {}, disabled: type === 't.step' && random.next() < 0.1 }];
    }),
  );
  const transitions = Array.from({ length: randomBelow(random, count * 3) }, (_, index): Transition => {
    const to = 1 + randomBelow(random, count);
    const kind = kinds[randomBelow(random, kinds.length)]!;
    const condition = conditions[randomBelow(random, conditions.length)]!;
    return {
      id: `t${index}`,
      from: ids[randomBelow(random, to)]!,
      to: ids[to]!,
      kind,
      ...(kind === 'condition' ? { condition } : {}),
    };
  });
  return { id: 'p', name: 'p', activities, transitions, layout: { positions: {} } };
}

/** Runs one job, finishing active activities in random order and with random luck, and checks the rules at every step. */
function runJob(plan: Plan, random: Random, where: string): void {
  const job = createJob(plan, 'j');
  const effects = createEffects();
  const runs = new Map<number, number>();
  const active: number[] = [];
  const error = { code: 'X', message: 'x', activity: 'x', retriable: false };
  const note = () => {
    for (const index of effects.execute) {
      runs.set(index, (runs.get(index) ?? 0) + 1);
      active.push(index);
      const states = plan.activities[index]!.incoming.map((transition) => job.transitions[transition]);
      expect(
        states.includes(TransitionState.undecided),
        `${where}: ${index} ran before all transitions were decided`,
      ).toBe(false);
      expect(states.includes(TransitionState.taken), `${where}: ${index} ran without a taken transition`).toBe(true);
    }
  };
  /** Conditions are answered at once: a step, and all that follow from its answers. */
  const drive = (first: JobEvent) => {
    const events = [first];
    for (const event of events) {
      step(job, event, effects);
      for (const index of effects.evaluate.splice(0))
        events.push(evaluateConditions(job, plan.activities[index]!) as ConditionOutcome);
    }
    note();
  };
  drive({ type: 'started', output: { n: randomBelow(random, 7) } });
  while (!effects.ended) {
    expect(active.length, `${where}: nothing is active, and the job has not ended`).toBeGreaterThan(0);
    const [activity] = active.splice(randomBelow(random, active.length), 1) as [number];
    clearEffects(effects);
    if (random.next() < 0.15) drive({ type: 'failed', activity, error });
    else drive({ type: 'completed', activity, output: { n: 1 } });
  }
  expect(active, `${where}: ended with active activities`).toEqual([]);
  expect(
    [...runs.values()].every((count) => count === 1),
    `${where}: an activity ran twice`,
  ).toBe(true);
  if (effects.ended.ok) {
    expect(
      [...job.transitions].includes(TransitionState.undecided),
      `${where}: ended well with undecided transitions`,
    ).toBe(false);
    expect([...job.activities].includes(ActivityState.waiting), `${where}: ended well with waiting activities`).toBe(
      false,
    );
  }
}

it(`every job of every process ends, runs each activity at most once, and its joins wait for all (seed ${seed})`, () => {
  const random = new SeededRandom(seed);
  for (let graph = 0; graph < graphs; graph++) {
    const process = randomProcess(random);
    const plan = compileProcess(process, { catalog, host, properties: {} });
    if (!plan.ok) throw new Error(`graph ${graph}: ${JSON.stringify(plan.error)}`);
    for (let job = 0; job < 3; job++) runJob(plan.value, random, `seed ${seed} graph ${graph} job ${job}`);
  }
});
