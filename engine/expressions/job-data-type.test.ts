import { describe, expect, it } from 'vitest';
import type { ActivityCatalog, DeclaredActivity } from '../model/activity-catalog.ts';
import type { Process, Project } from '../model/document.ts';
import type { ValueType } from '../model/value-type.ts';
import { completeExpression } from './complete-expression.ts';
import { inferType } from './infer-type.ts';
import { jobDataType } from './job-data-type.ts';

const starter: DeclaredActivity = {
  type: 'test.starter',
  title: 'Starter',
  kind: 'starter',
  config: {},
  input: {},
  output: {
    type: 'object',
    properties: {
      count: { type: 'integer' },
      text: { type: 'string', description: 'Words' },
      items: { type: 'array', items: { type: 'object', properties: { price: { type: 'number' } } } },
      value: { type: 'any' },
    },
  },
};
const mapper: DeclaredActivity = {
  ...starter,
  type: 'test.mapper',
  kind: 'activity',
  openInput: true,
  output: 'input',
};
const catalog: ActivityCatalog = new Map([starter, mapper].map((entry) => [entry.type, entry]));
const activity = (id: string, type: string, input: Record<string, string> = {}) => ({
  id,
  name: id,
  type,
  config: {},
  input,
});
const process: Process = {
  id: 'main',
  name: 'Main',
  activities: {
    start: activity('start', 'test.starter'),
    map: activity('map', 'test.mapper', { total: '$sum(start.items.price)', label: 'start.text & "!"' }),
    late: activity('late', 'test.mapper'),
    oops: activity('oops', 'test.mapper'),
  },
  transitions: [
    { id: '1', from: 'start', to: 'map', kind: 'success' },
    { id: '2', from: 'map', to: 'late', kind: 'success' },
    { id: '3', from: 'map', to: 'oops', kind: 'error' },
  ],
  layout: { positions: {} },
};
const project = { properties: { rate: { type: 'number' } } } as unknown as Project;
const namesIn = (type: ValueType) => (type.type === 'object' ? Object.keys(type.properties) : []);

describe('the shape of a job’s data', () => {
  it('has what stands before the activity, and its own output only where asked', () => {
    expect(namesIn(jobDataType(project, process, 'map', { catalog }))).toEqual(['job', 'properties', 'start']);
    expect(namesIn(jobDataType(project, process, 'map', { catalog, withOwnOutput: true }))).toContain('map');
    expect(namesIn(jobDataType(project, process, 'oops', { catalog }))).toEqual([
      'job',
      'properties',
      'error',
      'errors',
      'start',
      'map',
    ]);
  });

  it('follows the mappings of a mapper', () => {
    const scope = jobDataType(project, process, 'late', { catalog });
    expect(inferType('map', scope)).toEqual({
      type: 'object',
      properties: { total: { type: 'number' }, label: { type: 'string' } },
    });
    expect(inferType('start.items.price', scope)).toEqual({ type: 'array', items: { type: 'number' } });
    expect(inferType('start.items[0].price', scope)).toEqual({ type: 'any' });
    expect(inferType('{"a": start.count, "b": [1, 2], "c": start.count > 1 ? "x" : "y"}', scope)).toEqual({
      type: 'object',
      properties: { a: { type: 'integer' }, b: { type: 'array', items: { type: 'integer' } }, c: { type: 'string' } },
    });
    expect(inferType('($n := start.count; {"twice": $n, "all": start.items.price})', scope)).toEqual({
      type: 'object',
      properties: { twice: { type: 'integer' }, all: { type: 'array', items: { type: 'number' } } },
    });
    expect(inferType('$map(start.items, function($i) { {"p": $i.price} })', scope)).toEqual({
      type: 'array',
      items: { type: 'object', properties: { p: { type: 'number' } } },
    });
    expect(inferType('$filter(start.items, function($i) { $i.price > 1 }).price', scope)).toEqual({
      type: 'array',
      items: { type: 'number' },
    });
    expect(inferType('broken +', scope)).toEqual({ type: 'any' });
  });
});

describe('completion', () => {
  const scope = jobDataType(project, process, 'late', { catalog });
  const labels = (text: string) => completeExpression(text, text.length, scope).map(({ label }) => label);

  it('offers the fields of what a path leads to', () => {
    expect(labels('start.')).toEqual(['count', 'text', 'items', 'value']);
    expect(labels('start.items[0].p')).toEqual(['price']);
    expect(labels('1 + map.to')).toEqual(['total']);
    expect(labels('start.value.')).toEqual([]);
    expect(labels('properties.')).toEqual(['rate']);
  });

  it('offers names and functions elsewhere', () => {
    expect(labels('st')).toEqual(['$string(value)', 'start']);
    expect(labels('start.text & $upp')).toEqual(['$uppercase(text)']);
    expect(completeExpression('start.text & $upp', 17, scope)[0]).toMatchObject({ from: 13, insert: '$uppercase(' });
  });
});
