import type { Process } from '../../model/document.ts';
import type { JobError } from '../../spi/runtime.ts';
import { evaluateAsk } from '../answers.ts';
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
export function planOf(text: string, others: Readonly<Record<string, string>> = {}): Plan {
  const processes = new Map<string, Plan>();
  const compiled = (process: Process): Plan => {
    const plan = compileProcess(process, { catalog, host, properties: { limit: 10 }, processes });
    if (!plan.ok) throw new Error(JSON.stringify(plan.error));
    return plan.value;
  };
  for (const [id, other] of Object.entries(others)) processes.set(id, compiled(processOf(other, id)));
  return compiled(processOf(text));
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
export function drive(job: Job, first: JobEvent, effects: StepEffects, names = new Map<number, string>()): JobEvent[] {
  const events = [first];
  const cancelled = new Set<number>();
  for (const event of events) {
    if (event.type !== 'started' && cancelled.has(event.execution)) continue;
    step(job, event, effects);
    for (const each of [...effects.begun, ...effects.skipped, ...effects.cancelled])
      if (!names.has(each)) names.set(each, plannedOf(job, each).id);
    for (const each of effects.cancelled) cancelled.add(each);
    for (const ask of effects.asks.splice(0)) {
      const { execution, token, want } = ask;
      if (want === 'delay') effects.asks.push(ask);
      else if (want === 'input' || want === 'fields') events.push(evaluateAsk(job, ask) as JobEvent);
      else events.push({ type: 'answered', execution, token, ok: true, answer: `${want} ${execution}` });
      if (want === 'delay') break;
    }
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
  // Those of rounds that are over are not kept; they are named before.
  const names = new Map<number, string>();
  const nameOf = (execution: number) => names.get(execution) ?? plannedOf(job, execution).id;
  const ids = (executions: readonly number[]) => executions.map(nameOf).join(' ');
  const lines = events.map((text) => {
    const [, name, sign, rest] = /^(\w+)([!~]?) ?(.*)$/.exec(text)!;
    const effects = createEffects();
    drive(job, eventOf(job, name!, sign!, rest!), effects, names);
    const finished = effects.finished.map(({ execution, ok }) => `${nameOf(execution)}${ok ? '' : '!'}`);
    const parts = [
      effects.begun.length ? `begin ${ids(effects.begun)}` : '',
      effects.execute.length ? `run ${ids(effects.execute)}` : '',
      effects.evaluate.length ? `evaluate ${ids(effects.evaluate)}` : '',
      effects.asks.map(({ execution, want }) => `${want} ${plannedOf(job, execution).id}`).join(', '),
      effects.cancelled.length ? `cancel ${ids(effects.cancelled)}` : '',
      effects.skipped.length ? `skip ${ids(effects.skipped)}` : '',
      finished.length ? `done ${finished.join(' ')}` : '',
      effects.ended ? (effects.ended.ok ? 'end' : `failed in ${effects.ended.error.activity}`) : '',
    ];
    return parts.filter(Boolean).join(', ');
  });
  return { lines, job };
}

/** `a` has completed, `a! CODE` has failed, `a~` has waited. */
function eventOf(job: Job, name: string, sign: string, rest: string): JobEvent {
  const output = rest && sign === '' ? JSON.parse(rest) : undefined;
  if (name === 'start') return { type: 'started', output };
  const execution = executionOf(job, name);
  if (sign === '~') return { type: 'answered', execution, token: 1, ok: true, answer: undefined };
  if (sign === '!') return { type: 'failed', execution, error: { ...errorOf(name), ...(rest ? { code: rest } : {}) } };
  return { type: 'completed', execution, output };
}
