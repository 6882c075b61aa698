import { expect, it } from 'vitest';
import { jobDataType } from '../../../engine/expressions/job-data-type.ts';
import type { Activity } from '../../../engine/model/document.ts';
import { projectOf, wire } from '../../../test/kit/run-bench.ts';
import { catalog } from '../../catalog.ts';

const activity = (id: string, type: string, parts: Partial<Activity> = {}): Activity => ({
  ...{ id, name: id, type, config: {}, input: {} },
  ...parts,
});
const activities = {
  timer: activity('timer', 'general.timer'),
  scope: activity('scope', 'general.scope'),
  map: activity('map', 'general.mapper', { parent: 'scope', input: { twice: 'timer.count * 2' } }),
  inner: activity('inner', 'general.log', { parent: 'scope' }),
  catch: activity('catch', 'general.catch', { parent: 'scope' }),
  fix: activity('fix', 'general.log', { parent: 'scope' }),
  last: activity('last', 'general.log'),
};
const transitions = [wire('timer', 'scope'), wire('map', 'inner'), wire('catch', 'fix'), wire('scope', 'last')];
const project = projectOf({ activities, transitions });

/** Names that the mapping of an activity can read. */
function namesFor(id: string): string[] {
  const type = jobDataType(project, project.processes.flow!, id, { catalog });
  return type.type === 'object' ? Object.keys(type.properties) : [];
}

it('inside it expressions read what ran before the scope and before them in it, outside the scope alone', () => {
  expect(namesFor('map')).toEqual(['job', 'properties', 'timer']);
  expect(namesFor('inner')).toEqual(['job', 'properties', 'timer', 'map']);
  expect(namesFor('last')).toEqual(['job', 'properties', 'timer', 'scope']);
});

it('behind the catch they read what failed, and what may have run before it failed', () => {
  expect(namesFor('fix').sort()).toEqual(['catch', 'error', 'errors', 'inner', 'job', 'map', 'properties', 'timer']);
});

it('outside they read the outputs of what is in it, with their shapes, and what it caught', () => {
  const data = jobDataType(project, project.processes.flow!, 'last', { catalog });
  expect(data).toMatchObject({
    properties: {
      scope: {
        properties: {
          map: { properties: { twice: { type: 'number' } } },
          inner: { properties: { message: { type: 'string' } } },
          error: { properties: { code: { type: 'string' } } },
        },
      },
    },
  });
});
