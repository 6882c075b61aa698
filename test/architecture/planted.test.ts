import { expect, it } from 'vitest';
import { fileCircles, folderCircles } from './checks/circles.ts';
import { importRefusals, misplacedTestHelpers, unusedPermissions } from './checks/import-directions.ts';
import { moduleState } from './checks/module-state.ts';
import { untruePages } from './checks/pages.ts';
import { backDoors } from './checks/store-door.ts';
import { listedKinds, unlisted } from './checks/unlisted.ts';
import { entries, moduleStateExceptions, unusedYet } from './exceptions.ts';
import { importTable } from './import-table.ts';
import type { SourceFile } from './source-tree.ts';
import { parseSource, readSources } from './source-tree.ts';

const house = readSources();
const excepted = new Set(Object.keys(moduleStateExceptions));

const ofTheWhole = (sources: readonly SourceFile[]): string[] => [
  ...misplacedTestHelpers(sources, entries),
  ...fileCircles(sources),
  ...folderCircles(sources),
];
/** What is said of the house as it stands: the other tests of this folder fail for it, these need not. */
const ownFaults = new Set(ofTheWhole(house));

/**
 * What the tests of this folder say with these files added to the house, or standing in place of its own, beyond their being imported
 * by nobody.
 */
function plant(files: Readonly<Record<string, string>>): string[] {
  const planted = Object.entries(files).map(([path, text]) => parseSource(path, text));
  const sources = [...house.filter(({ path }) => !(path in files)), ...planted];
  const lists = house.filter(({ path }) => listedKinds.some(({ list }) => list === path));
  return [
    ...importRefusals(planted),
    ...ofTheWhole(sources).filter((fault) => !ownFaults.has(fault)),
    ...moduleState(planted, excepted),
    ...backDoors(planted),
    ...listedKinds.flatMap((kind) => unlisted([...lists, ...planted], kind)),
  ].filter((fault) => !fault.endsWith('is imported by nobody'));
}

/** A file of the house with lines added to it. */
function withLines(path: string, ...lines: readonly string[]): Readonly<Record<string, string>> {
  const text = house.find((source) => source.path === path)?.text;
  if (text === undefined) throw new Error(`expected ${path} in the house, found no such file`);
  return { [path]: `${lines.join('\n')}\n${text}` };
}

it.each([
  ['engine/broker/api/x.ts', '../node/dispatch.ts', 'engine/broker/api may import'],
  ['engine/broker/api/handlers/x.ts', '../../node/dispatch.ts', 'engine/broker/api may import'],
  ['engine/broker/log/x.ts', '../replica/partition.ts', 'engine/broker/log may import engine/base'],
  ['engine/broker/group/x.ts', '../controller/image-delta.ts', 'engine/broker/group may import'],
  ['engine/kafka/x.ts', '../host/node-disk.ts', 'engine/kafka may import'],
  ['engine/studio/x.ts', '../broker/node/broker.ts', 'engine/studio may import'],
  ['engine/studio/contract.ts', './main.ts', 'engine/studio/contract.ts may import'],
  ['palette/general/log/activity.ts', '../../../engine/kafka/producer.ts', 'palette/*/*/activity.ts may import'],
  ['renderer/store/x.ts', '../canvas/flow-canvas.tsx', 'renderer/store may import'],
  ['renderer/edits/x.ts', '../store/studio-store.ts', 'renderer/edits may import'],
  ['renderer/commands/x.ts', '../bridge/desktop.ts', 'renderer/commands may import'],
  ['renderer/panels/x.tsx', '../canvas/flow-canvas.tsx', 'renderer/panels may import'],
  ['renderer/kit/x.tsx', '../store/use-studio.ts', 'renderer/kit may import nothing'],
  ['renderer/canvas/x.ts', '../../engine/run/create-run.ts', 'renderer/canvas may import'],
  ['electron/main/x.ts', '../../engine/host/node-disk.ts', 'electron/main may import electron/bridge.ts'],
])('refuses %s that imports %s', (path, specifier, rule) => {
  const files = house.some((source) => source.path === path)
    ? withLines(path, `import type { X } from '${specifier}';`)
    : { [path]: `import type { X } from '${specifier}';\nexport type Y = X;\n` };
  const target = specifier.split('/').at(-1);
  expect(plant(files)).toContainEqual(
    expect.stringMatching(new RegExp(`^${path}:1 imports .*${target}; ${rule.replaceAll('*', '\\*')}`)),
  );
});

it('refuses a package that a module has no use for', () => {
  const faults = plant({ 'engine/process/x.ts': "import { z } from 'zod';\nexport const schema = z.string();\n" });
  expect(faults).toEqual(['engine/process/x.ts:1 imports the package zod; engine/process may import no package']);
});

it('refuses a source that belongs to no module', () => {
  expect(plant({ 'renderer/nowhere/x.ts': 'export const x = 1;\n' })).toEqual([
    'renderer/nowhere/x.ts belongs to no module of the import table',
  ]);
});

it.each([
  ['engine/broker/log/x.ts', './testing/test-batches.ts'],
  ['engine/broker/replica/x.ts', '../log/testing/test-batches.ts'],
  ['engine/run/x.ts', '../base/testing/manual-clock.ts'],
])('refuses product code %s that leans on the test helper %s', (path, specifier) => {
  expect(plant({ [path]: `import { x } from '${specifier}';\nexport const y = x;\n` })).toEqual([
    expect.stringMatching(
      new RegExp(`^${path}:1 imports engine/.*; testing/ is for tests and other testing/ folders only$`),
    ),
  ]);
});

it('refuses a test that borrows from the floor above', () => {
  const text = "import { MemoryCluster } from '../node/testing/memory-cluster.ts';\nnew MemoryCluster([1], 1);\n";
  expect(plant({ 'engine/broker/api/x.test.ts': text })).toEqual([
    expect.stringMatching(/^engine\/broker\/api\/x\.test\.ts:1 imports .*; tests of engine\/broker\/api may import/),
  ]);
});

it('refuses a helper of tests outside testing/', () => {
  const faults = plant({
    'engine/broker/log/some-batches.ts': 'export const batches = [1];\n',
    'engine/broker/log/x.test.ts': "import { batches } from './some-batches.ts';\nbatches.at(0);\n",
  });
  expect(faults).toEqual([
    'engine/broker/log/some-batches.ts is imported by tests only; it belongs in a testing/ folder',
  ]);
});

it('refuses what nobody imports', () => {
  const sources = [...house, parseSource('engine/run/x.ts', 'export const x = 1;\n')];
  expect(misplacedTestHelpers(sources, [...entries, ...unusedYet])).toEqual(['engine/run/x.ts is imported by nobody']);
});

it('refuses a row, and an entry of a row, that nobody needs', () => {
  const table = importTable.map((rule) =>
    rule.module === 'engine/kafka'
      ? { ...rule, mayImport: [...rule.mayImport, 'engine/host'], packages: ['ws', 'node:', 'zod'] }
      : rule,
  );
  expect(unusedPermissions(house, [{ module: 'engine/nowhere', mayImport: [] }, ...table])).toEqual([
    'the row engine/nowhere of the import table fits no source',
    'engine/kafka may import engine/host by the import table, and no source of it does',
    'engine/kafka may import zod by the import table, and no source of it does',
  ]);
});

it.each([
  ['engine/studio/projects/x.ts', '../server/dispatch.ts', 'engine/studio/server/x.ts', '../projects/project-store.ts'],
  ['engine/expressions/functions/x.ts', '../closures/closure.ts', undefined, undefined],
])('refuses a circle of folders: %s with %s', (path, specifier, back, backSpecifier) => {
  const line = (of: string) => `import type { X } from '${of}';\nexport type Y = X;\n`;
  const files = { [path]: line(specifier), ...(back === undefined ? {} : { [back]: line(backSpecifier) }) };
  expect(plant(files)).toEqual([expect.stringMatching(new RegExp(`^\\S+ -> \\S+ -> \\S+: .*${path}:1 imports`))]);
});

it('refuses a circle of files', () => {
  const faults = plant({
    'engine/run/x.ts': "import { y } from './y.ts';\nexport const x = () => y;\n",
    'engine/run/y.ts': "import { x } from './x.ts';\nexport const y = () => x;\n",
  });
  expect(faults).toEqual(['engine/run/x.ts -> engine/run/y.ts -> engine/run/x.ts']);
});

it.each([
  ['renderer/commands/x.ts', './command.ts', 'export const twist: Command = { ...({} as Command) };'],
  ['renderer/commands/x.ts', './command.ts', 'export const twists: readonly Command[] = [];'],
  ['renderer/commands/x.ts', './command.ts', 'export const twists: Record<string, Command> = {};'],
  ['renderer/commands/x.ts', './command.ts', 'export const twist = { id: 1 } satisfies Command;'],
  ['renderer/panels/x.ts', '../commands/command.ts', 'export function twists(): Command[] {\n  return [];\n}'],
  ['renderer/app/x.ts', '../commands/command.ts', 'export const twists = (): readonly Command[] => [];'],
])('refuses a command that no list names: %s %s %s', (path, specifier, declaration) => {
  const faults = plant({ [path]: `import type { Command } from '${specifier}';\n${declaration}\n` });
  const message = `^${path}:2 exports the Command twists?; renderer/commands/commands.ts does not list it$`;
  expect(faults).toEqual([expect.stringMatching(new RegExp(message))]);
});

it('refuses a behaviour and a handler that no list names', () => {
  const behavior =
    "import { perProcess } from './behavior.ts';\nexport const x = perProcess((_before, after) => after);\n";
  const handler = `import { defineHandler } from '../handler.ts';\nexport const x = defineHandler({} as never, {} as never, () => undefined as never);\n`;
  expect(plant({ 'renderer/behaviors/x.ts': behavior, 'engine/broker/api/handlers/99-x.ts': handler })).toEqual([
    'renderer/behaviors/x.ts:2 exports the Behavior x; renderer/behaviors/behaviors.ts does not list it',
    'engine/broker/api/handlers/99-x.ts:2 exports the ApiHandler x; engine/broker/api/table.ts does not list it',
  ]);
});

it.each([
  ['let last = 0;\nexport const next = () => ++last;', 'last, a module-level let'],
  ['export var last = 0;', 'last, a module-level var'],
  [
    'const known = new Map<string, number>();\nexport const size = () => known.size;',
    'known, a container that starts empty',
  ],
  [
    'const known: string[] = [];\nexport const note = (name: string) => known.push(name);',
    'known, changed by a function',
  ],
  ['const last = { at: 0 };\nexport function note() {\n  last.at++;\n}', 'last, changed by a function'],
  ['const room = new Uint8Array(8);\nexport function note() {\n  room[0] = 1;\n}', 'room, changed by a function'],
  ['class Counter {}\nexport const counter = new Counter();', 'counter, an object of a class'],
  [
    'const cache = new WeakMap<object, number>();\nexport const of = (key: object) => cache.get(key);',
    'cache, a container',
  ],
  ['export class Codec {\n  static last = 0;\n}', 'last, a static field'],
  ['export class Codec {\n  static readonly #known = new Map();\n}', '#known, a static field'],
])('refuses module-level state: %j', (text, what) => {
  const faults = plant({ 'engine/run/x.ts': `${text}\n` });
  expect(faults).toEqual([expect.stringMatching(/^engine\/run\/x\.ts:\d has module-level state: /)]);
  expect(faults[0]).toContain(what);
});

it.each([
  "export const names = new Set(['a']);\nexport const has = (name: string) => names.has(name);",
  'const none: ReadonlyMap<string, number> = new Map();\nexport const size = () => none.size;',
  'const table = new Uint32Array(4);\nfor (let at = 0; at < 4; at++) table[at] = at;\nexport const of = (at: number) => table[at];',
  'export function count(names: string[]) {\n  const known = new Map<string, number>();\n  for (const name of names) known.set(name, 1);\n  return known;\n}',
  'const at = [1];\nexport function copy(at: number[]) {\n  at.push(2);\n}\nexport const first = () => at[0];',
])('lets constants and local variables be: %j', (text) => {
  expect(plant({ 'engine/run/x.ts': `${text}\n` })).toEqual([]);
});

it('refuses to set the state of the window past its actions', () => {
  const text =
    "import type { StudioStore } from '../store/studio-store.ts';\nexport const x = (store: StudioStore) => store.setState({ project: null });\n";
  expect(plant({ 'renderer/panels/x.ts': text })).toEqual([
    'renderer/panels/x.ts:2 uses setState; outside renderer/store state changes by actions only',
  ]);
});

it('refuses a page that claims of imports what the table does not', () => {
  const pages = new Map([
    [
      'engine/kafka/README.md',
      '# engine/kafka\n\nMay import: `engine/base`, `engine/host`.\n\nRead first: `client.ts`.',
    ],
    ['engine/base/README.md', '# engine/base\n\nStands below all.'],
    ['palette/kafka/README.md', '# palette/kafka\n\nIts runtime may import `engine/broker`.'],
  ]);
  const faults = untruePages(pages);
  expect(faults).toHaveLength(3);
  expect(faults[0]).toMatch(
    /^engine\/kafka\/README\.md: expected one paragraph on imports, "May import: .*", found "May import: `engine\/base`, `engine\/host`\."$/s,
  );
  expect(faults[1]).toMatch(
    /^engine\/base\/README\.md: expected one paragraph on imports, "May import: nothing of the project\.", found ""$/,
  );
  expect(faults[2]).toMatch(
    /^palette\/kafka\/README\.md claims ".*engine\/broker.*"; the import table has no row of it$/,
  );
});
