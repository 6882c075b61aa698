import type { ActivityCatalog, ConstructKind, DeclaredActivity } from '../../activity-catalog.ts';
import type { Activity, Process, Project, Resource, Transition } from '../../document.ts';

function construct(
  name: string,
  kind: DeclaredActivity['kind'],
  of: ConstructKind,
  input: DeclaredActivity['input'] = {},
): DeclaredActivity {
  return { type: `t.${name}`, title: name, kind, construct: of, config: {}, input, output: { type: 'any' } };
}

const declared: readonly DeclaredActivity[] = [
  {
    type: 't.starter',
    title: 'Starter',
    kind: 'starter',
    config: {},
    input: {},
    output: { type: 'object', properties: { value: { type: 'any' }, count: { type: 'integer' } } },
  },
  {
    type: 't.send',
    title: 'Send',
    kind: 'activity',
    config: {
      connection: { kind: 'resource', label: 'Connection', resourceType: 't.connection', required: true },
      topic: { kind: 'lookup', what: 'topic', label: 'Topic', required: true },
      assign: { kind: 'boolean', label: 'Assign', default: false },
      partition: {
        kind: 'number',
        label: 'Partition',
        required: true,
        min: 0,
        max: 9,
        unit: 'x',
        visibleWhen: { field: 'assign', is: [true] },
      },
      heartbeat: { kind: 'number', label: 'Heartbeat', default: 3, min: 1, max: 99, unit: 's', below: 'session' },
      session: { kind: 'number', label: 'Session', default: 30, min: 6, max: 99, unit: 's' },
      mode: { kind: 'choice', label: 'Mode', default: 'a', choices: [{ value: 'a' }, { value: 'b' }] },
      orderBy: { kind: 'expression', label: 'Order by' },
    },
    input: {
      value: { label: 'Value', type: { type: 'any' }, required: true, help: '' },
      key: { label: 'Key', type: { type: 'any' }, help: '' },
    },
    output: { type: 'object', properties: { offset: { type: 'integer' } } },
  },
  {
    type: 't.exact',
    title: 'Exact',
    kind: 'starter',
    config: {
      delivery: {
        kind: 'choice',
        label: 'Delivery',
        default: 'least',
        choices: [{ value: 'least' }, { value: 'exact' }],
      },
      connection: { kind: 'resource', label: 'Connection', resourceType: 't.connection' },
    },
    input: {},
    output: { type: 'object', properties: { value: { type: 'any' }, count: { type: 'integer' } } },
    transaction: { of: 'connection', when: { field: 'delivery', is: ['exact'] } },
  },
  { type: 't.map', title: 'Mapper', kind: 'activity', config: {}, input: {}, openInput: true, output: 'input' },
  { type: 't.scope', title: 'Scope', kind: 'scope', config: {}, input: {}, output: { type: 'any' } },
  {
    type: 't.reply',
    title: 'Reply',
    kind: 'activity',
    config: {},
    input: {},
    output: { type: 'any' },
    abilities: ['reply'],
  },
  { type: 't.catch', title: 'Catch', kind: 'catch', config: {}, input: {}, output: { type: 'any' } },
  construct('undo', 'catch', 'compensation'),
  construct('rethrow', 'activity', 'rethrow'),
  construct('exit', 'activity', 'exit'),
  construct('compensate', 'activity', 'compensate'),
  construct('pick', 'scope', 'pick'),
  construct('call', 'activity', 'call'),
  construct('while', 'scope', 'while', {
    condition: { label: 'Condition', type: { type: 'boolean' }, help: '', reads: 'loop' },
    collect: { label: 'Collect', type: { type: 'any' }, help: '', reads: 'inside' },
  }),
  {
    type: 't.connection',
    title: 'Connection',
    kind: 'resource',
    config: { password: { kind: 'secret', label: 'Password' } },
    input: {},
    output: { type: 'null' },
  },
];
/** Of the projects of these tests. */
export const catalog: ActivityCatalog = new Map(declared.map((entry) => [entry.type, entry]));

/** Of the projects of these tests. */
export function activity(id: string, type: string, rest: Partial<Activity> = {}): Activity {
  return { id, name: id.toUpperCase(), type, config: {}, input: {}, ...rest };
}

/** Of the projects of these tests. */
export const goodSend = { connection: 'main', topic: 'out' };
/** Of the projects of these tests. */
export const start = activity('start', 't.starter');
/** Of the projects of these tests. */
export const map = activity('map', 't.map', { input: { total: 'start.count + properties.rate' } });
/** Of the projects of these tests. */
export const send = activity('send', 't.send', { config: goodSend, input: { value: 'map.total', key: 'job.id' } });
/** Of the projects of these tests. */
export const wire = (id: string, from: string, to: string, rest: Partial<Transition> = {}): Transition => ({
  id,
  from,
  to,
  kind: 'success',
  ...rest,
});
/** Of the projects of these tests. */
export const wires = [wire('t1', 'start', 'map'), wire('t2', 'map', 'send')];
/** Of the projects of these tests. */
export const main: Resource = { id: 'main', type: 't.connection', name: 'Main', config: {} };

/** Of the projects of these tests. */
export function projectOf(
  activities: readonly Activity[] = [start, map, send],
  transitions: readonly Transition[] = wires,
  resources: readonly Resource[] = [main],
): Project {
  const process: Process = {
    id: 'p',
    name: 'P',
    activities: Object.fromEntries(activities.map((entry) => [entry.id, entry])),
    transitions,
    layout: { positions: {} },
  };
  return {
    format: 1,
    name: 'Test',
    version: '1.0.0',
    properties: { rate: { type: 'number', default: 5 } },
    processes: { p: process },
    resources: Object.fromEntries(resources.map((entry) => [entry.id, entry])),
    profiles: {},
    schemas: {},
    tests: {},
  };
}
