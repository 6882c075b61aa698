// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
import { describe, expect, it } from 'vitest';
import { analyseExpression } from '../../expressions/analyse-expression.ts';
import type { ActivityCatalog, DeclaredActivity } from '../activity-catalog.ts';
import type { Activity, Process, Project, Resource, Transition } from '../document.ts';
import type { JsonValue } from '../json-value.ts';
import { scopeDepthMax } from '../scopes.ts';
import { rules, validateProject } from './validate-project.ts';

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
  {
    type: 't.connection',
    title: 'Connection',
    kind: 'resource',
    config: { password: { kind: 'secret', label: 'Password' } },
    input: {},
    output: { type: 'null' },
  },
];
const catalog: ActivityCatalog = new Map(declared.map((entry) => [entry.type, entry]));

function activity(id: string, type: string, rest: Partial<Activity> = {}): Activity {
  return { id, name: id.toUpperCase(), type, config: {}, input: {}, ...rest };
}

const goodSend = { connection: 'main', topic: 'out' };
const start = activity('start', 't.starter');
const map = activity('map', 't.map', { input: { total: 'start.count + properties.rate' } });
const send = activity('send', 't.send', { config: goodSend, input: { value: 'map.total', key: 'job.id' } });
const wire = (id: string, from: string, to: string, rest: Partial<Transition> = {}): Transition => ({
  id,
  from,
  to,
  kind: 'success',
  ...rest,
});
const wires = [wire('t1', 'start', 'map'), wire('t2', 'map', 'send')];
const main: Resource = { id: 'main', type: 't.connection', name: 'Main', config: {} };

function projectOf(
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

const problemsOf = (project: Project) => validateProject(project, { catalog, analyse: analyseExpression });
const withSend = (config: Record<string, JsonValue>, input: Record<string, string> = send.input) =>
  projectOf([start, map, { ...send, config: { ...goodSend, ...config }, input }]);
const withValue = (value: string) => withSend({}, { value });
const condition = (text: string) =>
  projectOf(undefined, [wires[0]!, { ...wires[1]!, kind: 'condition', condition: text }]);

/** start -> scope -> send; in the scope map, and a catch. */
const inScope = (parts: readonly Activity[] = [], more: readonly Transition[] = []) =>
  projectOf(
    [
      start,
      activity('scope', 't.scope'),
      { ...map, parent: 'scope' },
      activity('catch', 't.catch', { parent: 'scope' }),
      { ...send, input: { value: 'scope.map.total' } },
      ...parts,
    ],
    [wire('t1', 'start', 'scope'), wire('t2', 'scope', 'send'), ...more],
  );
const later = (parts: Partial<Activity>) =>
  inScope([activity('later', 't.map', parts)], [wire('t3', 'scope', 'later')]);

const cases: readonly [string, Project, string, string][] = [
  [
    'a parent that is no scope',
    inScope([activity('lost', 't.map', { parent: 'map' })]),
    'PARENT_MISSING',
    'LOST stands in MAP, which is no Scope',
  ],
  [
    'a parent that is not there',
    inScope([activity('lost', 't.map', { parent: 'gone' })]),
    'PARENT_MISSING',
    'LOST stands in a scope gone, which is not in P',
  ],
  [
    'a scope in itself',
    inScope([activity('a', 't.scope', { parent: 'b' }), activity('b', 't.scope', { parent: 'a' })]),
    'PARENT_CIRCLE',
    'A stands inside of itself',
  ],
  [
    'scopes in one another without end',
    inScope(
      Array.from({ length: scopeDepthMax }, (_, depth) =>
        activity(`in${depth}`, 't.scope', { parent: depth ? `in${depth - 1}` : 'scope' }),
      ).concat(activity('deepest', 't.map', { parent: `in${scopeDepthMax - 1}` })),
    ),
    'SCOPE_DEPTH',
    `DEEPEST stands in ${scopeDepthMax + 1} scopes that stand in one another; ${scopeDepthMax} are the most`,
  ],
  [
    'a transition out of a scope',
    inScope([], [wire('t3', 'map', 'send')]),
    'TRANSITION_CROSSES_SCOPE',
    'The transition from MAP to SEND crosses the border of a scope',
  ],
  [
    'a starter in a scope',
    projectOf([{ ...start, parent: 'scope' }, activity('scope', 't.scope')], []),
    'STARTER_IN_SCOPE',
    'START is a process starter: it cannot stand in SCOPE',
  ],
  [
    'a catch in no scope',
    inScope([activity('lone', 't.catch')]),
    'CATCH_PLACE',
    'LONE stands in no scope, so it never catches anything',
  ],
  [
    'a second catch',
    inScope([activity('again', 't.catch', { parent: 'scope' })]),
    'CATCH_PLACE',
    'SCOPE has another catch, AGAIN, besides CATCH',
  ],
  [
    'a transition to a catch',
    inScope([], [wire('t3', 'map', 'catch')]),
    'CATCH_PLACE',
    'CATCH begins when something in its scope fails: the transition from MAP cannot lead to it',
  ],
  [
    'an activity that needs of the event what the starter does not offer',
    inScope([activity('respond', 't.reply')]),
    'EVENT_ABILITY_MISSING',
    'RESPOND needs a process starter whose events can be answered; those of START cannot',
  ],
  ['an empty scope', inScope([activity('idle', 't.scope')]), 'SCOPE_EMPTY', 'Nothing runs in IDLE'],
  [
    'what is in a scope, read from outside by its own name',
    later({ input: { x: 'map.total' } }),
    'REFERENCE_UNKNOWN',
    'map cannot be read here: MAP does not run before LATER',
  ],
  [
    'what is not in a scope',
    later({ input: { x: 'scope.mapp' } }),
    'REFERENCE_UNKNOWN',
    'scope has no field mapp; it has map, error, catch',
  ],
  [
    'an unknown type',
    projectOf([start, { ...map, type: 'x.y' }, send]),
    'UNKNOWN_ACTIVITY_TYPE',
    'MAP is of type x.y, which is not in the palette',
  ],
  [
    'an unknown resource type',
    projectOf(undefined, undefined, [main, { ...main, id: 'odd', type: 'x.y' }]),
    'UNKNOWN_ACTIVITY_TYPE',
    'Main is of type x.y, which is not in the palette',
  ],
  ['an empty required setting', withSend({ topic: '' }), 'CONFIG_MISSING', 'Choose a topic'],
  ['a required setting that has come into view', withSend({ assign: true }), 'CONFIG_MISSING', 'Fill in Partition'],
  [
    'a number out of bounds',
    withSend({ assign: true, partition: 12 }),
    'CONFIG_INVALID',
    'Partition must be a number from 0 to 9 x, but is 12',
  ],
  [
    'a number that is not below another one',
    withSend({ heartbeat: 30 }),
    'CONFIG_ORDER',
    'Heartbeat must be less than Session (30 s), but is 30 s',
  ],
  [
    'a number that another one fell below',
    withSend({ heartbeat: 9, session: 8 }),
    'CONFIG_ORDER',
    'Heartbeat must be less than Session (8 s), but is 9 s',
  ],
  ['a choice that is none', withSend({ mode: 'c' }), 'CONFIG_INVALID', 'Mode must be one of a, b, but is "c"'],
  [
    'a secret in the clear',
    projectOf(undefined, undefined, [{ ...main, config: { password: 'hunter2' } }]),
    'CONFIG_INVALID',
    'Password must be a reference such as ${secret:PASSWORD}, but is (hidden)',
  ],
  [
    'a resource that is not there',
    withSend({ connection: 'other' }),
    'RESOURCE_MISSING',
    'There is no Connection other in the project',
  ],
  [
    'a resource of another kind',
    projectOf(undefined, undefined, [{ ...main, type: 'x.y' }]),
    'RESOURCE_MISSING',
    'Main is no Connection',
  ],
  [
    'a property that is not there',
    withSend({ topic: '${property:topic}-in' }),
    'PROPERTY_UNKNOWN',
    'The project has no property topic',
  ],
  ['no starter', projectOf([map], []), 'STARTER_COUNT', 'P has no process starter, so it never runs'],
  [
    'two starters',
    projectOf([start, map, send, activity('again', 't.starter')]),
    'STARTER_COUNT',
    'P has another process starter, AGAIN, besides START',
  ],
  [
    'a transition to the starter',
    projectOf([start, map, send], [...wires, wire('t3', 'send', 'start')]),
    'STARTER_INCOMING',
    'START is a process starter: the transition from SEND cannot lead to it',
  ],
  [
    'a transition to nowhere',
    projectOf(undefined, [...wires, wire('t3', 'send', 'gone')]),
    'TRANSITION_END_MISSING',
    'Transition t3 ends at gone, which is not in P',
  ],
  [
    'a circle',
    projectOf(undefined, [...wires, wire('t3', 'send', 'map')]),
    'CYCLE',
    'The transitions go in a circle: MAP → SEND → MAP',
  ],
  [
    'an activity off the path',
    projectOf([start, map, send, activity('island', 't.map')]),
    'ACTIVITY_UNREACHABLE',
    'Nothing leads from START to ISLAND, so it never runs',
  ],
  ['an empty condition', condition(' '), 'CONDITION_MISSING', 'Write a condition for the transition from MAP to SEND'],
  [
    'a lone otherwise',
    projectOf(undefined, [wires[0]!, { ...wires[1]!, kind: 'otherwise' }]),
    'OTHERWISE_ALONE',
    'The otherwise from MAP to SEND has no condition beside it, so it is always taken',
  ],
  [
    'a transition id twice',
    projectOf(undefined, [wires[0]!, { ...wires[1]!, id: 't1' }]),
    'DUPLICATE_ID',
    'expected each transition id once in p, but found t1 again',
  ],
  ['an unmapped required input', withSend({}, { key: '1' }), 'INPUT_MISSING', 'Give Value an expression'],
  [
    'an input that is none',
    withSend({}, { value: '1', odd: '2' }),
    'INPUT_UNKNOWN',
    'Send has no input odd, so its mapping is not used',
  ],
  [
    'a broken mapping',
    withValue('map.total +'),
    'EXPRESSION_SYNTAX',
    'expected a value, but found the end of the expression',
  ],
  ['a broken condition', condition('('), 'EXPRESSION_SYNTAX', 'expected ")", but found the end of the expression'],
  [
    'a broken setting',
    withSend({ orderBy: 'a b' }),
    'EXPRESSION_SYNTAX',
    'expected the end of the expression or an operator, but found "b"',
  ],
  [
    'an unknown name',
    withValue('mpa.total'),
    'REFERENCE_UNKNOWN',
    'mpa is not known here: expressions read activities that ran before, job, properties and error',
  ],
  [
    'an activity that comes later',
    projectOf([start, { ...map, input: { total: 'send.offset' } }, send]),
    'REFERENCE_UNKNOWN',
    'send cannot be read here: SEND does not run before MAP',
  ],
  [
    'a field that an output does not have',
    withValue('start.counts'),
    'REFERENCE_UNKNOWN',
    'start has no field counts; it has value, count',
  ],
  [
    'a field that a mapper does not have',
    withValue('map.sum'),
    'REFERENCE_UNKNOWN',
    'map has no field sum; it has total',
  ],
  [
    'a property that expressions do not have',
    withValue('properties.limit'),
    'REFERENCE_UNKNOWN',
    'properties has no field limit; it has rate',
  ],
  [
    'what failed, where nothing that failed leads to',
    withValue('error.message'),
    'REFERENCE_UNKNOWN',
    'error is nothing here: no error transition leads to SEND',
  ],
  [
    'what failed in an activity, where nothing that failed leads to',
    withValue('errors.map.message'),
    'REFERENCE_UNKNOWN',
    'errors is nothing here: no error transition leads to SEND',
  ],
  [
    'a job field that is none',
    condition('job.name = "x"'),
    'REFERENCE_UNKNOWN',
    'job has no field name; it has id, process',
  ],
];

describe('validateProject', () => {
  it('finds nothing in a good project', () => {
    expect(problemsOf(projectOf())).toEqual([]);
    expect(problemsOf(condition('map.total > 5 and start.value.any.thing = "x"'))).toEqual([]);
    expect(
      problemsOf(
        withSend({ topic: '${property:rate}', assign: true, partition: '${property:rate}', orderBy: 'own.data' }),
      ),
    ).toEqual([]);
  });

  it('finds nothing in a good scope, and says how what is in it is read outside', () => {
    const fix = activity('fix', 't.map', { parent: 'scope', input: { all: '[error.code, errors.map, catch, map]' } });
    expect(problemsOf(inScope([fix], [wire('t3', 'catch', 'fix')]))).toEqual([]);
    expect(problemsOf(later({ input: { x: 'map.total' } }))[0]?.fix).toBe(
      'It stands in a scope: read it as scope.map.',
    );
  });

  it('finds in time that a thousand scopes stand in one another', () => {
    const scopes = Array.from({ length: 1_000 }, (_, depth) =>
      activity(`in${depth}`, 't.scope', { parent: depth ? `in${depth - 1}` : 'scope' }),
    );
    expect(problemsOf(inScope(scopes)).map(({ code }) => code)).toContain('SCOPE_DEPTH');
  });

  it.each(cases)('finds %s', (_name, project, code, message) => {
    const found = problemsOf(project).map((problem) => [problem.code, problem.message]);
    expect(found).toContainEqual([code, message]);
  });

  it('leaves a number alone that a property decides', () => {
    expect(problemsOf(withSend({ heartbeat: 20, session: '${property:rate}' })).map(({ code }) => code)).toEqual([]);
  });

  it('tries every rule', () => {
    expect(new Set(cases.map(([, , code]) => code))).toEqual(new Set(rules.map(({ code }) => code)));
  });

  it('says where, and what would mend it, with errors first', () => {
    const [first, second] = problemsOf(
      projectOf([start, map, { ...send, input: { value: 'start.counts + mpa.total' } }]),
    );
    expect(first).toEqual({
      severity: 'error',
      code: 'REFERENCE_UNKNOWN',
      process: 'p',
      activity: 'send',
      field: 'input.value',
      position: 15,
      message: 'mpa is not known here: expressions read activities that ran before, job, properties and error',
      fix: 'Did you mean map?',
    });
    expect(second).toMatchObject({ severity: 'warning', position: 6, fix: 'Did you mean count?' });
  });
});
