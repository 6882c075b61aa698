import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyseExpression } from '../engine/expressions/analyse-expression.ts';
import type { Project } from '../engine/model/document.ts';
import { isProjectFile, readProject, writeProject } from '../engine/model/project-files.ts';
import { validateProject } from '../engine/model/rules/validate-project.ts';
import { compileProcess } from '../engine/process/compile-process.ts';
import type { ConditionOutcome } from '../engine/process/conditions.ts';
import { evaluateConditions } from '../engine/process/conditions.ts';
import { createEffects } from '../engine/process/events.ts';
import { createJob } from '../engine/process/job.ts';
import { step } from '../engine/process/step.ts';
import { catalog } from './catalog.ts';

const folder = new URL('../examples/earthquakes/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
const files = new Map(paths.filter(isProjectFile).map((path) => [path, read(path)] as const));
const result = readProject(files);
if (!result.ok) throw new Error(JSON.stringify(result.error));
const project: Project = result.value;

interface Quake {
  readonly id: string;
  readonly properties: { readonly mag: number; readonly tsunami: number; readonly time: number };
}
const quakes = (JSON.parse(read('data/earthquakes.json')) as { features: readonly Quake[] }).features;

describe('the earthquakes example', () => {
  it('is written as Millrace itself writes it, without a problem', () => {
    expect(writeProject(project)).toEqual(new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))));
    expect(validateProject(project, { catalog, analyse: analyseExpression })).toEqual([]);
  });

  it('sorts the data as its README says', () => {
    const host = { clock: { now: () => 0 }, random: { next: () => 0 } };
    const plan = compileProcess(project.processes.triage!, {
      catalog,
      host,
      properties: { rate: 0, alertMagnitude: 4.5 },
    });
    if (!plan.ok) throw new Error(JSON.stringify(plan.error));
    const { activities, starter, root } = plan.value;
    expect(activities.every(({ input, hasSyncConditions }) => input.isSync && hasSyncConditions)).toBe(true);
    const routes: Record<string, number> = {};
    for (const value of quakes) {
      const job = createJob(plan.value, value.id);
      const effects = createEffects();
      step(
        job,
        { type: 'started', output: { topic: 'quakes', partition: 0, offset: 0, key: value.id, value } },
        effects,
      );
      for (const execution of effects.evaluate.splice(0))
        step(job, evaluateConditions(job, execution) as ConditionOutcome, effects);
      for (const execution of effects.execute) {
        const { id, input } = root.activities[execution]!;
        routes[id] = (routes[id] ?? 0) + 1;
        expect(Object.keys(input.evaluate(job.root.data)).length).toBe(
          Object.keys(project.processes.triage!.activities[id]!.input).length,
        );
      }
      expect(job.root.data[activities[starter]!.id]).toBeDefined();
    }
    const strong = quakes.filter(({ properties }) => properties.mag >= 4.5).length;
    const flagged = quakes.filter(({ properties }) => properties.tsunami === 1).length;
    const neither = quakes.filter(({ properties }) => !(properties.mag >= 4.5) && properties.tsunami !== 1).length;
    expect(routes).toEqual({ alert: strong, watch: flagged, log: neither });
    for (const count of [quakes.length, strong, flagged, neither]) expect(read('README.md')).toContain(`| ${count} |`);
  });
});
