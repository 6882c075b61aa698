import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listedKinds, unlisted } from './checks/unlisted.ts';
import { projectFolder, readSources } from './source-tree.ts';

function names(folder: string, pattern: RegExp): string[] {
  const path = join(projectFolder, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => pattern.test(name) && !name.includes('.test.'))
    .sort();
}

function imported(file: string, pattern: RegExp): string[] {
  const path = join(projectFolder, file);
  if (!existsSync(path)) return [];
  return [...readFileSync(path, 'utf8').matchAll(pattern)].map((match) => match[1] ?? '').sort();
}

it('serves every API that has a handler file, and no other', () => {
  const files = names('engine/broker/api/handlers', /^\d\d-.*\.ts$/);
  expect(imported('engine/broker/api/table.ts', /from '\.\/handlers\/(\d\d-[^']+)'/g)).toEqual(files);
});

it('lists every schema file in one of the tables of keys', () => {
  const files = names('engine/protocol/schemas', /^\d\d-.*\.ts$/);
  const listed = ['api-keys', 'client-apis'].flatMap((table) =>
    imported(`engine/protocol/${table}.ts`, /from '\.\/schemas\/(\d\d-[^']+)'/g),
  );
  expect(listed.sort()).toEqual(files);
});

function activityFolders(file: string): string[] {
  return names('palette', /^[a-z-]+$/)
    .flatMap((group) => names(`palette/${group}`, /^[a-z-]+$/).map((activity) => `${group}/${activity}`))
    .filter((folder) => existsSync(join(projectFolder, 'palette', folder, file)))
    .sort();
}

it.each([
  ['catalog.ts', 'activity.ts'],
  ['runtimes.ts', 'runtime.ts'],
])('palette/%s lists every %s', (list, file) => {
  const listed = imported(`palette/${list}`, new RegExp(`['"]\\./([a-z-]+/[a-z-]+)/${file.replace('.', '\\.')}`, 'g'));
  expect(listed).toEqual(activityFolders(file));
});

it('gives every activity its icon, its help and its test', () => {
  const missing = activityFolders('activity.ts').flatMap((folder) =>
    ['icon.svg', 'README.md', 'activity.test.ts']
      .filter((file) => !existsSync(join(projectFolder, 'palette', folder, file)))
      .map((file) => `${folder}/${file}`),
  );
  expect(missing).toEqual([]);
});

it.each(listedKinds)('$list lists every exported $type', (kind) => {
  expect(unlisted(readSources(), kind)).toEqual([]);
});

it('explains every second-level folder on a page of its own', () => {
  const missing = ['electron', 'engine', 'palette', 'renderer', 'test']
    .flatMap((root) => names(root, /^[a-z0-9-]+$/).map((name) => `${root}/${name}`))
    .concat(names('engine/broker', /^[a-z-]+$/).map((name) => `engine/broker/${name}`))
    .filter((folder) => !existsSync(join(projectFolder, folder, 'README.md')));
  expect(missing).toEqual([]);
});

it('names files in kebab-case', () => {
  const odd = ['engine', 'renderer', 'palette', 'electron', 'scripts', 'test'].flatMap((root) =>
    existsSync(join(projectFolder, root))
      ? readdirSync(join(projectFolder, root), { recursive: true, encoding: 'utf8' }).filter(
          (path) =>
            /\.tsx?$/.test(path) && !/^[a-z0-9-]+(\.(test|schema|d))?\.tsx?$/.test(path.split('/').at(-1) ?? ''),
        )
      : [],
  );
  expect(odd).toEqual([]);
});
