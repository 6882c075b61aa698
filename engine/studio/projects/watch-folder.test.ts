import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, it } from 'vitest';
import { until } from '../../../test/kit/until.ts';
import { watchProjectFolder } from './watch-folder.ts';

let parent = '';
let folder = '';
let told = 0;
let close = () => {};

/** Makes a project folder with one process. */
function make(path: string): void {
  mkdirSync(join(path, 'processes'), { recursive: true });
  writeFileSync(join(path, 'millrace.json'), '{}');
  writeFileSync(join(path, 'processes/a.process.json'), '{}');
}

/** Does something and waits until the watcher has told of it. */
async function seen(what: string, change: () => void): Promise<void> {
  const before = told;
  change();
  await until(`word of ${what}`, () => told > before);
}

beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'watch-')));
  folder = join(parent, 'project');
  make(folder);
  told = 0;
  close = watchProjectFolder(folder, () => {
    told++;
  });
});
afterEach(() => {
  close();
  rmSync(parent, { recursive: true });
});

let edits = 0;
const edit = () => writeFileSync(join(folder, 'processes/a.process.json'), `{"edit":${edits++}}`);

it('hears of edits again and again after a folder was removed and made anew', async () => {
  await seen('an edit', edit);
  for (let round = 0; round < 2; round++) {
    await seen('a removed folder', () => rmSync(join(folder, 'processes'), { recursive: true }));
    await seen('a new folder', () => make(folder));
    await seen('an edit', edit);
    await seen('a new file', () => writeFileSync(join(folder, 'processes/b.process.json'), '{}'));
    await seen('an edit', edit);
  }
});

it('hears of edits after a folder was swapped for another, as git does', async () => {
  mkdirSync(join(folder, 'other'));
  writeFileSync(join(folder, 'other/a.process.json'), '{"other":true}');
  await seen('a swapped folder', () => {
    renameSync(join(folder, 'processes'), join(folder, 'old'));
    renameSync(join(folder, 'other'), join(folder, 'processes'));
  });
  await seen('an edit', edit);
  await seen('a first resource', () => {
    mkdirSync(join(folder, 'resources'));
    writeFileSync(join(folder, 'resources/r.kafka.json'), '{}');
  });
  await seen('an edit of it', () => writeFileSync(join(folder, 'resources/r.kafka.json'), '{"n":1}'));
});

it('hears of edits after the whole project was swapped for another', async () => {
  make(join(parent, 'other'));
  await seen('a swapped project', () => {
    renameSync(folder, join(parent, 'old'));
    renameSync(join(parent, 'other'), folder);
  });
  await seen('an edit', edit);
});
