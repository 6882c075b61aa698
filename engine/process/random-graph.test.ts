import { expect, it } from 'vitest';
import type { Random } from '../base/random.ts';
import { randomBelow } from '../base/random.ts';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import type { Activity, Process, Transition, TransitionKind } from '../model/document.ts';
import { compileProcess } from './compile-process.ts';
import type { ConditionOutcome } from './conditions.ts';
import { evaluateConditions } from './conditions.ts';
import type { JobEvent } from './events.ts';
import { clearEffects, createEffects } from './events.ts';
import type { Job } from './job.ts';
import { createJob, frameOf, framesOf, plannedOf } from './job.ts';
import type { Plan } from './plan.ts';
import { ActivityState, TransitionState } from './plan.ts';
import { step } from './step.ts';
import { catalog, host } from './testing/process-of.ts';

const seed = 20_261_123;
const graphs = 1_000;
const kinds: readonly TransitionKind[] = ['success', 'success', 'condition', 'condition', 'otherwise', 'error'];
const conditions = ['true', 'false', 'start.n > 3', 'start.n < 3', 'start.missing', 'start.n > "x"'];

/** A random process without circles: some activities are disabled, some have nothing that leads to them, half of the processes have scopes. */
function randomProcess(random: Random): Process {
  const count = 1 + randomBelow(random, 14);
  const hasScopes = random.next() < 0.5;
  const activities: Record<string, Activity> = {};
  const scopes: string[] = [];
  const add = (id: string, type: string, parent: string | undefined, disabled = false) => {
    const rest = { ...(parent === undefined ? {} : { parent }), ...(disabled ? { disabled } : {}) };
    activities[id] = { id, name: id, type, config: {}, input: {}, ...rest };
  };
  add('start', 't.start', undefined);
  for (let index = 0; index < count; index++) {
    const isScope = hasScopes && random.next() < 0.3;
    const parent = scopes.length && random.next() < 0.7 ? scopes[randomBelow(random, scopes.length)] : undefined;
    add(`a${index}`, isScope ? 't.scope' : 't.step', parent, random.next() < 0.1);
    if (isScope) {
      scopes.push(`a${index}`);
      if (random.next() < 0.6) add(`catch${index}`, 't.catch', `a${index}`, random.next() < 0.1);
    }
  }
  return {
    id: 'p',
    name: 'p',
    activities,
    transitions: randomTransitions(random, activities),
    layout: { positions: {} },
  };
}

/** From earlier activities to later ones of the same scope. */
function randomTransitions(random: Random, activities: Readonly<Record<string, Activity>>): Transition[] {
  const all = Object.values(activities);
  const transitions: Transition[] = [];
  for (let index = randomBelow(random, all.length * 3); index > 0; index--) {
    const to = 1 + randomBelow(random, all.length - 1);
    const before = all.slice(0, to).filter(({ parent }) => parent === all[to]!.parent);
    if (all[to]!.type === 't.catch' || !before.length) continue;
    const kind = kinds[randomBelow(random, kinds.length)]!;
    const condition = conditions[randomBelow(random, conditions.length)]!;
    transitions.push({
      id: `t${transitions.length}`,
      from: before[randomBelow(random, before.length)]!.id,
      to: all[to]!.id,
      kind,
      ...(kind === 'condition' ? { condition } : {}),
    });
  }
  return transitions;
}

/** Runs one job, finishing active executions in random order and with random luck, and checks the rules at every step. */
function runJob(plan: Plan, random: Random, where: string): void {
  const job = createJob(plan, 'j');
  const effects = createEffects();
  const runs = new Map<number, number>();
  const active: number[] = [];
  const failed: number[] = [];
  const fault = (execution: number) => ({
    code: 'X',
    message: 'x',
    activity: plannedOf(job, execution).id,
    retriable: false,
  });
  const note = () => {
    for (const execution of effects.begun) runs.set(execution, (runs.get(execution) ?? 0) + 1);
    for (const execution of effects.execute) {
      runs.set(execution, (runs.get(execution) ?? 0) + 1);
      active.push(execution);
      const frame = frameOf(job, execution);
      const { incoming } = frame.scope.activities[execution - frame.firstExecution]!;
      const states = incoming.map((transition) => frame.transitions[transition]);
      hold(!states.includes(TransitionState.undecided), where, `${execution} ran before all transitions were decided`);
      hold(!incoming.length || states.includes(TransitionState.taken), where, `${execution} ran on no transition`);
    }
  };
  /** Conditions are answered at once: a step, and all that follow from its answers. */
  const drive = (first: JobEvent) => {
    const events = [first];
    for (const event of events) {
      if (event.type === 'failed') failed.push(event.execution);
      step(job, event, effects);
      for (const execution of effects.evaluate.splice(0))
        events.push(evaluateConditions(job, execution) as ConditionOutcome);
    }
    note();
  };
  drive({ type: 'started', output: { n: randomBelow(random, 7) } });
  while (!effects.ended) {
    hold(active.length > 0, where, 'nothing is active, and the job has not ended');
    const [execution] = active.splice(randomBelow(random, active.length), 1) as [number];
    clearEffects(effects);
    if (random.next() < 0.15) drive({ type: 'failed', execution, error: fault(execution) });
    else drive({ type: 'completed', execution, output: { n: 1 } });
  }
  hold(active.length === 0, where, 'ended with active executions');
  hold(
    [...runs.values()].every((count) => count === 1),
    where,
    'an execution ran twice',
  );
  checkEnd(job, effects.ended.ok, failed, where);
}

function checkEnd(job: Job, isOk: boolean, failed: readonly number[], where: string): void {
  for (const frame of framesOf(job)) {
    hold(frame.hasEnded && frame.activeCount === 0, where, 'a frame has not ended');
    hold(!frame.activities.includes(ActivityState.active), where, 'something is active after the end');
    if (!frame.failure) {
      hold(!frame.transitions.includes(TransitionState.undecided), where, 'ended well with undecided transitions');
      hold(!frame.activities.includes(ActivityState.waiting), where, 'ended well with waiting activities');
    } else if (frame.parent)
      hold(frame.parent.activities[frame.slot] === ActivityState.failed, where, 'a scope lost its failure');
  }
  hold(isOk === (job.root.failure === undefined), where, 'the job hides a failure, or failed without one');
  for (const execution of failed) {
    const { firstExecution, activities, failures, caught, failure } = frameOf(job, execution);
    const slot = execution - firstExecution;
    hold(activities[slot] === ActivityState.failed, where, 'a failure was forgotten');
    hold(failures?.has(slot) || caught || failure, where, `nothing took the failure of ${execution}, nor failed`);
  }
}

/** `expect` takes longer than a job. */
function hold(isSo: unknown, where: string, otherwise: string): void {
  if (!isSo) throw new Error(`${where}: ${otherwise}`);
}

it(`every job of every process ends, each execution ends once, joins wait for all, and every failure is seen (seed ${seed})`, () => {
  const random = new SeededRandom(seed);
  for (let graph = 0; graph < graphs; graph++) {
    const process = randomProcess(random);
    const plan = compileProcess(process, { catalog, host, properties: {} });
    if (!plan.ok) throw new Error(`graph ${graph}: ${JSON.stringify(plan.error)}`);
    expect(plan.value.activities).toHaveLength(Object.keys(process.activities).length);
    for (let job = 0; job < 3; job++) runJob(plan.value, random, `seed ${seed} graph ${graph} job ${job}`);
  }
});
