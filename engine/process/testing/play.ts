import type { JobError } from '../../spi/runtime.ts';
import { compileProcess } from '../compile-process.ts';
import { evaluateConditions } from '../conditions.ts';
import type { JobEvent, StepEffects } from '../events.ts';
import { createEffects } from '../events.ts';
import type { Job } from '../job.ts';
import { createJob, framesOf, plannedOf } from '../job.ts';
import type { Plan } from '../plan.ts';
import { ActivityState } from '../plan.ts';
import { step } from '../step.ts';
import { catalog, host, processOf } from './process-of.ts';

/** The plan of `processOf(text)`, with the property `limit`. */
export function planOf(text: string): Plan {
  const plan = compileProcess(processOf(text), { catalog, host, properties: { limit: 10 } });
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}

export const errorOf = (activity: string): JobError => ({
  code: 'BROKEN',
  message: 'broken',
  activity,
  retriable: false,
});

/** The execution of an activity that is under way now. */
export function executionOf(job: Job, id: string): number {
  for (const { scope, activities, firstExecution } of framesOf(job).toReversed()) {
    const found = scope.activities.find((planned) => planned.id === id);
    if (found && activities[found.slot] === ActivityState.active) return firstExecution + found.slot;
  }
  // The first one: a step refuses it when it is not active.
  return framesOf(job).flatMap(({ scope, firstExecution }) =>
    scope.activities.filter((planned) => planned.id === id).map(({ slot }) => firstExecution + slot),
  )[0]!;
}

/**
 * Steps, and answers what it asks to be evaluated, as a driver does: conditions that run at once. Gives all events that the job
 * took.
 */
export function drive(job: Job, first: JobEvent, effects: StepEffects): JobEvent[] {
  const events = [first];
  for (const event of events) {
    step(job, event, effects);
    for (const execution of effects.evaluate.splice(0)) {
      const outcome = evaluateConditions(job, execution);
      if (outcome instanceof Promise) effects.evaluate.push(execution);
      else events.push(outcome);
    }
  }
  return events;
}

/** Runs events such as `start {"n":1}`, `a`, `a!` and tells in one line each what the step asked for. */
export function play(plan: Plan, events: readonly string[]): { lines: string[]; job: Job } {
  const job = createJob(plan, 'j1');
  const ids = (executions: readonly number[]) => executions.map((each) => plannedOf(job, each).id).join(' ');
  const lines = events.map((text) => {
    const [, name, failed, json] = /^(\w+)(!?) ?(.*)$/.exec(text)!;
    const effects = createEffects();
    drive(job, eventOf(job, name!, failed === '!', json ? JSON.parse(json) : undefined), effects);
    const finished = effects.finished.map(({ execution, ok }) => `${plannedOf(job, execution).id}${ok ? '' : '!'}`);
    const parts = [
      effects.begun.length ? `begin ${ids(effects.begun)}` : '',
      effects.execute.length ? `run ${ids(effects.execute)}` : '',
      effects.evaluate.length ? `evaluate ${ids(effects.evaluate)}` : '',
      effects.skipped.length ? `skip ${ids(effects.skipped)}` : '',
      finished.length ? `done ${finished.join(' ')}` : '',
      effects.ended ? (effects.ended.ok ? 'end' : `failed in ${effects.ended.error.activity}`) : '',
    ];
    return parts.filter(Boolean).join(', ');
  });
  return { lines, job };
}

function eventOf(job: Job, name: string, isFailed: boolean, output: unknown): JobEvent {
  if (name === 'start') return { type: 'started', output };
  const execution = executionOf(job, name);
  return isFailed ? { type: 'failed', execution, error: errorOf(name) } : { type: 'completed', execution, output };
}
