// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
import { describe, expect, it } from 'vitest';
import { analyseExpression } from '../../expressions/analyse-expression.ts';
import type { Activity, Project, Transition } from '../document.ts';
import type { JsonValue } from '../json-value.ts';
import { scopeDepthMax } from '../scopes.ts';
import { activity, catalog, goodSend, main, map, projectOf, send, start, wire, wires } from './testing/rule-project.ts';
import { rules, validateProject } from './validate-project.ts';

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
    'a second catch for every failure',
    inScope([activity('again', 't.catch', { parent: 'scope' })]),
    'CATCH_PLACE',
    'AGAIN and CATCH both catch every failure, and only one of them ever runs',
  ],
  [
    'two catches for the same failure',
    inScope([
      activity('net', 't.catch', { parent: 'scope', config: { codes: 'NET, DISK' } }),
      activity('disk', 't.catch', { parent: 'scope', config: { codes: 'DISK' } }),
    ]),
    'CATCH_PLACE',
    'DISK and NET both catch DISK, and only one of them ever runs',
  ],
  [
    'a transition to a catch',
    inScope([], [wire('t3', 'map', 'catch')]),
    'CATCH_PLACE',
    'CATCH begins when something beside it fails: the transition from MAP cannot lead to it',
  ],
  [
    'a compensation in no scope',
    inScope([activity('lone', 't.undo')]),
    'COMPENSATION_PLACE',
    'LONE stands in no scope, so there is nothing that it undoes',
  ],
  [
    'a main flow that leads into what a compensation begins',
    inScope(
      [activity('undo', 't.undo', { parent: 'scope' }), activity('cancel', 't.map', { parent: 'scope' })],
      [wire('t3', 'undo', 'cancel'), wire('t4', 'map', 'cancel')],
    ),
    'COMPENSATION_PLACE',
    'The transition from MAP leads into what UNDO begins, which runs when SCOPE is undone and never else',
  ],
  [
    'a rethrow on no error path',
    inScope([activity('again', 't.rethrow')]),
    'NOTHING_TO_RETHROW',
    'AGAIN has nothing to throw again: no catch and no error transition leads to it',
  ],
  [
    'a Compensate without a compensation',
    inScope([activity('undo', 't.compensate', { parent: 'scope' })]),
    'NOTHING_TO_COMPENSATE',
    'UNDO has nothing to undo: no scope in SCOPE has a compensation',
  ],
  [
    'a transition behind an Exit',
    inScope([activity('exit', 't.exit'), activity('after', 't.map')], [wire('t3', 'exit', 'after')]),
    'BEHIND_END',
    'EXIT ends the process, so the transition to AFTER is never taken',
  ],
  [
    'a pick with one event',
    inScope([activity('pick', 't.pick'), activity('only', 't.map', { parent: 'pick' })]),
    'PICK_EVENTS',
    'PICK has one event, ONLY, so there is nothing to pick',
  ],
  [
    'a call of nothing',
    inScope([activity('call', 't.call', { config: { process: 'nobody' } })]),
    'CALLED_PROCESS_MISSING',
    'CALL calls nobody, which is not in the project',
  ],
  [
    'a call of a process that an event begins',
    inScope([activity('call', 't.call', { config: { process: 'p' } })]),
    'CALLED_PROCESS_MISSING',
    'CALL calls P, which does not begin with a Start',
  ],
  [
    'a loop that reads what is in it before it has begun',
    inScope([
      activity('loop', 't.while', { input: { condition: 'inner.x = 1' } }),
      activity('inner', 't.map', { parent: 'loop' }),
    ]),
    'REFERENCE_UNKNOWN',
    'inner cannot be read here: INNER does not run before LOOP',
  ],
  [
    'an activity that needs of the event what the starter does not offer',
    inScope([activity('respond', 't.reply')]),
    'EVENT_ABILITY_MISSING',
    'RESPOND needs a process starter whose events can be answered; those of START cannot',
  ],
  [
    'what cannot be a part of the transaction of its starter',
    projectOf([activity('start', 't.exact', { config: { delivery: 'exact', connection: 'main' } }), map], [wires[0]!]),
    'OUTSIDE_TRANSACTION',
    'MAP cannot be a part of the transaction of START, which handles each event exactly once: what it does would happen again when a job is tried again. The Log is fine, HTTP is not',
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

  it('lets the expressions of a loop read the loop itself, and what is in it after an iteration', () => {
    const loop = activity('loop', 't.while', {
      input: { condition: 'loop.index < start.count', collect: 'inner.x + loop.index' },
    });
    const inner = activity('inner', 't.map', { parent: 'loop', input: { x: 'loop.index' } });
    const project = projectOf([start, loop, inner], [wire('t1', 'start', 'loop')]);
    expect(problemsOf(project)).toEqual([]);
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
