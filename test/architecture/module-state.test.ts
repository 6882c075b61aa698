import { expect, it } from 'vitest';
import { moduleState } from './checks/module-state.ts';
import { backDoors } from './checks/store-door.ts';
import { entries, moduleStateExceptions } from './exceptions.ts';
import { isInModule } from './import-table.ts';
import { readSources } from './source-tree.ts';

const sources = readSources().filter(({ path }) => !entries.some((entry) => isInModule(path, entry)));

it('keeps no state in modules, but for what exceptions.ts gives a reason for', () => {
  expect(moduleState(sources, new Set(Object.keys(moduleStateExceptions)))).toEqual([]);
});

it('excepts no module-level state that is not there any more', () => {
  const found = moduleState(sources).join('\n');
  const stale = Object.keys(moduleStateExceptions).filter((exception) => {
    const [path, name] = exception.split('#');
    return !found.split('\n').some((line) => line.startsWith(`${path}:`) && line.includes(`: ${name}, `));
  });
  expect(stale).toEqual([]);
});

it('changes the state of the window by actions of the store only', () => {
  expect(backDoors(sources)).toEqual([]);
});
