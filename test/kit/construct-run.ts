import { expect } from 'vitest';
import { analyseExpression } from '../../engine/expressions/analyse-expression.ts';
import type { Activity, Process, Project, Transition } from '../../engine/model/document.ts';
import { validateProject } from '../../engine/model/rules/validate-project.ts';
import type { Run } from '../../engine/run/create-run.ts';
import { createRun } from '../../engine/run/create-run.ts';
import { catalog } from '../../palette/catalog.ts';
import { runtimes } from '../../palette/runtimes.ts';
import { activity, Bench, projectOf, starter, wire, work } from './run-bench.ts';

/** An activity of a process: its id, its type, and what else it has. */
export type Step = readonly [string, string, Partial<Activity>?];

/** The process starter, in the hands of the test. */
export const start: Step = ['start', starter.type];

/** Part of an activity that stands in a scope. */
export function inside(parent: string, parts: Partial<Activity> = {}): Partial<Activity> {
  return { parent, ...parts };
}

/** A process of activities and of wires between them. */
export function processOf(steps: readonly Step[], transitions: readonly Transition[], id = 'flow'): Process {
  return {
    ...{ id, name: id, layout: { positions: {} }, transitions },
    activities: Object.fromEntries(steps.map(([key, type, parts]) => [key, activity(key, type, parts)])),
  };
}

/** A bench with a project on the real palette, beside the bench's own activities. */
export function benchOf(processes: readonly Process[], parts: Partial<Project> = {}) {
  const bench = new Bench();
  const all = new Map([...catalog, ...bench.catalog]);
  const project = projectOf({}, { processes: Object.fromEntries(processes.map((each) => [each.id, each])), ...parts });
  const options = bench.options({ catalog: all, runtimes: { ...runtimes, ...bench.runtimes } });
  return { bench, project, options };
}

/** A run of processes in which nobody finds a problem. */
export async function startRun(processes: readonly Process[], parts: Partial<Project> = {}) {
  const { bench, project, options } = benchOf(processes, parts);
  const problems = validateProject(project, { catalog: options.catalog, analyse: analyseExpression });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const run = createRun(project, options);
  await run.start();
  return { bench, run };
}

/** Lets promises settle until something holds: nothing here waits for the world. */
export async function turns(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100 && !holds(); turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(holds()).toBe(true);
}

/** Rows of the newest job of `flow`: what was executed, in which iteration of what, and how it ended unless it completed. */
export function rowsOf(run: Run): string[] {
  const { activities } = run.job(run.jobs({ process: 'flow' })[0]!.id)!;
  const named = (execution: number | null) => activities.find((each) => each.execution === execution)?.activity;
  return activities.map(({ activity: id, parent, iteration, state, process }) => {
    const place = parent === null ? '' : `${named(parent)}${iteration === undefined ? '' : `#${iteration}`}/`;
    return `${place}${process === undefined ? '' : `${process}:`}${id}${state === 'completed' ? '' : ` ${state}`}`;
  });
}

/** A process that is called: it doubles a price. */
export const subprocess = processOf(
  [
    [
      'input',
      'general.start',
      { config: { input: { price: 'number', note: 'string?' }, output: { gross: 'number' } } },
    ],
    ['tax', work.type, { input: { gross: 'input.price * 2' } }],
    ['done', 'general.return', { input: { gross: 'tax.gross' } }],
  ],
  [wire('input', 'tax'), wire('tax', 'done')],
  'sub',
);

/** A process that calls it. */
export function caller(
  config: Activity['config'] = {},
  input: Readonly<Record<string, string>> = { price: 'start.n' },
): Process {
  return processOf(
    [
      start,
      ['call', 'general.call-process', { config: { process: 'sub', ...config }, input }],
      ['last', work.type, { input: { got: 'call' } }],
      ['fix', work.type, { input: { code: 'error.code', in: 'error.process' } }],
    ],
    [wire('start', 'call'), wire('call', 'last'), wire('call', 'fix', 'error')],
  );
}

/** A variable among the shared resources of a project. */
export function variableOf(id: string, config: Readonly<Record<string, string | boolean>>) {
  return { id, name: id, type: 'general.variable', config };
}
