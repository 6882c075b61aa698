// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
import { expect, it } from 'vitest';
import type { Random } from '../base/random.ts';
import { randomBelow } from '../base/random.ts';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import { applyDiff, diff, reverseDiff } from './diff.ts';
import type { Activity, Process, Project, Transition } from './document.ts';
import type { JsonValue } from './json-value.ts';
import { currentFormat } from './migrations/migrations.ts';
import { readProject, writeProject } from './project-files.ts';

const seed = 20_261_124;
const texts = ['', 'a', 'Ärger "x"\n', '${property:p}', 'b/c\\d', '\u2028', '1'];
const names = ['alpha', 'Beta', 'x', 'y', 'constructor2', 'z_9'];

function pick<T>(random: Random, list: readonly T[]): T {
  return list[randomBelow(random, list.length)]!;
}

function randomJson(random: Random, depth: number): JsonValue {
  switch (randomBelow(random, depth > 0 ? 6 : 4)) {
    case 0:
      return pick(random, texts);
    case 1:
      return pick(random, [0, -1.5, 1e21, 7]);
    case 2:
      return pick(random, [true, false, null]);
    case 3:
      return pick(random, texts);
    case 4:
      return Array.from({ length: randomBelow(random, 3) }, () => randomJson(random, depth - 1));
    default:
      return randomRecord(random, () => randomJson(random, depth - 1));
  }
}

function randomRecord<T>(random: Random, value: (name: string) => T): Record<string, T> {
  const chosen = names.filter(() => random.next() < 0.5).sort(() => random.next() - 0.5);
  return Object.fromEntries(chosen.map((name) => [name, value(name)]));
}

/** Fields that this version does not know. */
function extras(random: Random): object {
  return random.next() < 0.3 ? { futureField: randomJson(random, 2) } : {};
}

function randomProcess(random: Random, id: string): Process {
  const activities = randomRecord(
    random,
    (name): Activity => ({
      id: name,
      name: pick(random, texts),
      type: 'general.log',
      config: randomRecord(random, () => randomJson(random, 2)),
      input: randomRecord(random, () => pick(random, texts)),
      ...extras(random),
    }),
  );
  const transitions = Array.from(
    { length: randomBelow(random, 3) },
    (_, index): Transition => ({
      id: `t${index}`,
      from: pick(random, names),
      to: pick(random, names),
      kind: pick(random, ['success', 'otherwise', 'error']),
      ...extras(random),
    }),
  );
  const positions = randomRecord(random, () => ({ x: randomBelow(random, 900), y: randomBelow(random, 900) - 450 }));
  return { id, name: 'P', activities, transitions, layout: { positions, ...extras(random) }, ...extras(random) };
}

function randomProject(random: Random): Project {
  return {
    format: currentFormat,
    name: 'Random',
    version: '1.0.0',
    properties: randomRecord(random, () => ({ type: 'string' as const, ...extras(random) })),
    processes: randomRecord(random, (name) => randomProcess(random, name)),
    resources: randomRecord(random, (id) => ({
      id,
      type: 'kafka.connection',
      name: 'C',
      config: {},
      ...extras(random),
    })),
    profiles: randomRecord(random, () => randomRecord(random, () => pick(random, texts))),
    schemas: randomRecord(random, () => pick(random, texts)),
    tests: {},
    ...extras(random),
  };
}

it(`random projects come back from their files, and differences lead there and back (seed ${seed})`, () => {
  const random = new SeededRandom(seed);
  let before = randomProject(random);
  for (let round = 0; round < 300; round++) {
    const where = `seed ${seed} round ${round}`;
    const project = randomProject(random);
    const named = {
      ...project,
      schemas: Object.fromEntries(Object.entries(project.schemas).map(([name, text]) => [`${name}.txt`, text])),
    };
    const files = writeProject(named);
    const read = readProject(files);
    if (!read.ok) throw new Error(`${where}: ${JSON.stringify(read.error)}`);
    expect(read.value, where).toEqual(named);
    expect(writeProject(read.value), where).toEqual(files);
    const changes = diff(before, named);
    expect(applyDiff(before, changes), where).toEqual(named);
    expect(applyDiff(named, reverseDiff(changes)), where).toEqual(before);
    before = named;
  }
});
