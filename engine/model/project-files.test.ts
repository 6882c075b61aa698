import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isProjectFile, readProject, writeProject } from './project-files.ts';

const millrace = '{\n  "format": 1,\n  "name": "Orders",\n  "properties": {},\n  "version": "1.0.0"\n}\n';

const full: readonly [string, string][] = [
  [
    'millrace.json',
    JSON.stringify({
      version: '1.0.0',
      name: 'Orders',
      format: 1,
      futureHead: { a: [1, 2] },
      properties: { rate: { type: 'number', default: 5, unit: 'per second' } },
    }),
  ],
  [
    'processes/main.process.json',
    JSON.stringify({
      format: 1,
      name: 'Main',
      futureProcess: true,
      activities: {
        timer: {
          name: 'Every second',
          type: 'general.timer',
          config: { intervalMs: 1000 },
          input: {},
          futureActivity: 1,
        },
        log: { name: 'Log', type: 'general.log', config: {}, input: { message: 'timer.count' } },
      },
      transitions: [{ id: 't1', from: 'timer', to: 'log', kind: 'success', futureTransition: 'x' }],
    }),
  ],
  ['processes/main.layout.json', JSON.stringify({ format: 1, positions: { timer: { x: 1, y: 2, z: 3 } }, zoom: 2 })],
  [
    'resources/cluster.kafka.json',
    JSON.stringify({ format: 1, type: 'kafka.connection', name: 'Cluster', config: {}, futureResource: null }),
  ],
  ['profiles/prod.json', '{"rate":"50"}'],
  ['schemas/order.avsc', 'not json at all'],
  ['tests/main.test.json', '{}'],
  ['data/rows.csv', 'a,b'],
];

function read(entries: readonly (readonly [string, string])[]) {
  return readProject(new Map(entries));
}

function problemsOf(entries: readonly (readonly [string, string])[]) {
  const result = read(entries);
  return result.ok ? [] : result.error;
}

describe('project files', () => {
  it('make a document and come back as the same bytes, with the fields of other versions in their places', () => {
    const first = read(full);
    if (!first.ok) throw new Error(JSON.stringify(first.error));
    const files = writeProject(first.value);
    expect([...files.keys()]).toEqual([
      'millrace.json',
      'processes/main.layout.json',
      'processes/main.process.json',
      'profiles/prod.json',
      'resources/cluster.kafka.json',
      'schemas/order.avsc',
      'tests/main.test.json',
    ]);
    const again = readProject(files);
    expect(again).toEqual(first);
    if (again.ok) expect(writeProject(again.value)).toEqual(files);
    const text = [...files.values()].join('');
    for (const name of [
      'futureHead',
      'futureProcess',
      'futureActivity',
      'futureTransition',
      'futureResource',
      'zoom',
      '"z"',
    ])
      expect(text).toContain(name);
  });

  it('sort names and put each activity in a block of its own', () => {
    const result = read(full);
    if (!result.ok) throw new Error();
    expect(writeProject(result.value).get('processes/main.process.json')).toContain(
      '    "log": {\n      "config": {},\n      "input": {\n        "message": "timer.count"\n      },\n      "name": "Log",\n      "type": "general.log"\n    },\n    "timer": {',
    );
  });

  it('need millrace.json', () => {
    expect(problemsOf([])).toMatchObject([{ code: 'FILE_MISSING', file: 'millrace.json' }]);
  });

  it.each([
    ['{\n  "format": 1,\n  "name": }', { line: 3, column: 11, message: 'expected a value, but found "}"' }],
    ['{"a": 1', { line: 1, column: 8, message: 'expected "," or "}", but found the end of the file' }],
    ['{"a": 1,\n"a": 2}', { line: 2, column: 1, message: 'expected each name once in an object, but found "a" again' }],
    [
      '{\n<<<<<<< HEAD\n',
      { line: 2, column: 1, message: 'expected a name in double quotes, but found a mark of an unfinished merge' },
    ],
    ['{"a": "x\ny"}', { line: 1, column: 7, message: 'expected a text that ends in double quotes on the same line' }],
    ['{"a": 01}', { line: 1, column: 7, message: 'expected a value, but found "01"' }],
    ['{} x', { line: 1, column: 4, message: 'expected the end of the file, but found "x"' }],
  ])('say where JSON breaks: %j', (text, where) => {
    expect(problemsOf([['millrace.json', text]])).toEqual([{ code: 'JSON_SYNTAX', file: 'millrace.json', ...where }]);
  });

  it('refuse a newer format and say what to do', () => {
    expect(problemsOf([['millrace.json', '{"format": 3, "name": "x"}']])).toMatchObject([
      { code: 'FORMAT_TOO_NEW', line: 1, column: 12, message: expect.stringContaining('update to open it') },
    ]);
  });

  it('report every misshapen field with its place', () => {
    const process =
      '{\n "format": 1,\n "name": "Main",\n "activities": {\n  "my-log": {},\n  "log": {"type": "x", "name": 3}\n }\n}';
    expect(
      problemsOf([
        ['millrace.json', millrace],
        ['processes/main.process.json', process],
      ]),
    ).toMatchObject([
      { code: 'FILE_SHAPE', line: 5, message: expect.stringContaining('identifier') },
      { code: 'FILE_SHAPE', line: 6, column: 32, message: 'activities.log.name: expected string, received number' },
    ]);
  });

  it('want a resource in the file that its type names', () => {
    const problems = problemsOf([
      ['millrace.json', millrace],
      ['resources/cluster.http.json', '{"format": 1, "type": "kafka.connection", "name": "C"}'],
    ]);
    expect(problems).toMatchObject([{ code: 'FILE_NAME', file: 'resources/cluster.http.json' }]);
  });
});

it('a project of format 1 opens, and saved it differs in the format lines alone', () => {
  // What format 1 wrote of the example: it had the same files but for that line.
  const example = new URL('../../examples/earthquakes/', import.meta.url);
  const old = new Map(
    readdirSync(example, { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter(isProjectFile)
      .map(
        (path) => [path, readFileSync(new URL(path, example), 'utf8').replace('"format": 2', '"format": 1')] as const,
      ),
  );
  const read = readProject(old);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  expect(read.value.format).toBe(2);
  const saved = writeProject(read.value);
  expect([...saved.keys()].sort()).toEqual([...old.keys()].sort());
  for (const [path, text] of saved) expect(text, path).toBe(old.get(path)!.replace('"format": 1', '"format": 2'));
});
