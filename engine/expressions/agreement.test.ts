import jsonata from 'jsonata';
import { expect, it } from 'vitest';
import type { Random } from '../base/random.ts';
import { randomBelow } from '../base/random.ts';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import { compileExpression } from './compile-expression.ts';
import { createInterpreter } from './interpreter/create-interpreter.ts';

const host = { clock: { now: () => 0 }, random: { next: () => 0.5 } };
const seed = 20_261_122;
const rounds = 2_500;

/** One text for a result, with nothing told apart from null. A number that is none (1/0) is a fault here, a value in the library. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return isAllFinite(value) ? JSON.stringify(value) : 'fault';
}

function isAllFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isAllFinite);
}

/** JSONata 2.2 itself trips over some arguments, such as no separator for $split or a huge width for $pad. */
function isInterpreterBug(thrown: unknown): boolean {
  return (thrown instanceof TypeError || thrown instanceof RangeError) && /jsonata/.test(thrown.stack ?? '');
}

async function outcome(evaluate: () => unknown): Promise<string> {
  try {
    return shown(await evaluate());
  } catch (thrown) {
    const { code } = thrown as { code?: unknown };
    if (typeof code !== 'string' && !isInterpreterBug(thrown)) throw thrown;
    return 'fault';
  }
}

it(`closures and JSONata's interpreter give the same results (seed ${seed})`, async () => {
  const random = new SeededRandom(seed);
  let compiled = 0;
  for (let round = 0; round < rounds; round++) {
    const data = { a: randomData(random, 3), b: randomData(random, 3), c: randomData(random, 2), d: 3 };
    const text = randomExpression(random, 3);
    const expression = compileExpression(text, host);
    if (!expression.ok) throw new Error(`${text}: ${expression.error.message}`);
    if (!expression.value.isSync) continue;
    compiled++;
    const expected = await outcome(() => jsonata(text).evaluate(data));
    const found = await outcome(() => expression.value.evaluate(data));
    expect(found, `seed ${seed} round ${round}: ${text} over ${JSON.stringify(data)}`).toBe(expected);
  }
  expect(compiled).toBeGreaterThan(rounds * 0.9);
}, 60_000);

const odd = { a: 1, b: 'x', o: { x: 1 }, empty: [], lists: [[], [1]] };

it.each([
  'a = 2 or b > 0',
  'a = 1 and -b',
  'a = 2 or (a = 1 and $number(o) > 0)',
  'a = 2 or $uppercase(o)',
  'a = 2 or $number(null)',
])('the fault of %s is said to be where JSONata says', async (text) => {
  const fault = async (evaluate: () => unknown) => {
    try {
      return await evaluate();
    } catch (thrown) {
      const { reason, code, position } = thrown as { reason?: string; code?: string; position?: number };
      return `${reason ?? code} at ${position}`;
    }
  };
  const compiled = compileExpression(text, host);
  if (!compiled.ok) throw compiled.error;
  expect(compiled.value.isSync).toBe(true);
  const expected = await fault(() => jsonata(text).evaluate(odd));
  expect(expected).toMatch(/^[TD]\d+ at \d+$/);
  expect(await fault(() => compiled.value.evaluate(odd))).toBe(expected);
  expect(await fault(() => createInterpreter(text, host)(odd))).toBe(expected);
});

it.each([
  ["[[], nothing][{'x': 1}]", []],
  ["[[], nothing][{'x': 1}][0]", []],
  ["lists[{'x': 1}]", [[], [1]]],
  ["lists.{'x': 1}", [{ x: 1 }, { x: 1 }]],
  ["lists[0][{'x': 1}]", undefined],
  ["$map(lists, function($l) { $l[{'x': 1}] })", undefined],
])('%s puts no nothing into an empty list, as JSONata does', async (text, expected) => {
  const compiled = compileExpression(text, host);
  if (!compiled.ok) throw compiled.error;
  const data = structuredClone(odd);
  const interpreted = await createInterpreter(text, host)(data);
  expect(data).toEqual(odd);
  expect(JSON.stringify(await compiled.value.evaluate(data))).toBe(JSON.stringify(interpreted));
  expect(data).toEqual(odd);
  if (expected !== undefined) expect(interpreted).toEqual(expected);
});

const names = ['a', 'b', 'c', 'd', 'constructor', 'missing'] as const;
const scalars: readonly unknown[] = [
  0,
  1,
  -2.5,
  7,
  1e21,
  0.1,
  '',
  'x',
  'Hello World',
  '12',
  'a,b,c',
  '2017-05-15T15:00:00.000Z',
  true,
  false,
  null,
];

/** A random JSON value, at most `depth` levels deep. */
function randomData(random: Random, depth: number): unknown {
  const kind = randomBelow(random, depth > 0 ? 6 : 2);
  if (kind < 2) return pick(random, scalars);
  if (kind < 4) return Array.from({ length: randomBelow(random, 4) }, () => randomData(random, depth - 1));
  return Object.fromEntries(
    names.slice(0, 4).flatMap((name) => (random.next() < 0.7 ? [[name, randomData(random, depth - 1)]] : [])),
  );
}

/** A random expression of the part of the language that has closures, at most `depth` levels deep. */
function randomExpression(random: Random, depth: number): string {
  const inner = (): string => randomExpression(random, depth - 1);
  if (depth <= 0) return random.next() < 0.7 ? randomPath(random, 0) : literal(random);
  switch (randomBelow(random, 12)) {
    case 0:
    case 1:
    case 2:
      return randomPath(random, depth);
    case 3:
      return `(${inner()} ${pick(random, ['+', '-', '*', '/', '%'])} ${inner()})`;
    case 4:
      return `(${inner()} ${pick(random, ['=', '!=', '<', '<=', '>', '>=', 'in'])} ${inner()})`;
    case 5:
      return `(${inner()} ${pick(random, ['and', 'or'])} ${inner()})`;
    case 6:
      return `(${inner()} & ${inner()})`;
    case 7:
      return random.next() < 0.5
        ? `(${inner()} ? ${inner()} : ${inner()})`
        : `(${inner()} ${pick(random, ['?:', '??'])} ${inner()})`;
    case 8:
      return `{"p": ${inner()}, "q": ${inner()}}`;
    case 9:
      return `[${inner()}, ${inner()}]`;
    case 10:
      return `-${randomPath(random, 0)}`;
    default:
      return randomCall(random, inner);
  }
}

const oneArgument = [
  'string',
  'uppercase',
  'lowercase',
  'length',
  'trim',
  'number',
  'abs',
  'floor',
  'ceil',
  'sqrt',
  'round',
  'sum',
  'max',
  'min',
  'average',
  'count',
  'reverse',
  'exists',
  'boolean',
  'not',
  'type',
  'toMillis',
  'join',
];
const twoArguments = [
  'substring',
  'substringBefore',
  'substringAfter',
  'contains',
  'split',
  'join',
  'append',
  'pad',
  'round',
  'power',
];

function randomCall(random: Random, inner: () => string): string {
  if (random.next() < 0.6) return `$${pick(random, oneArgument)}(${inner()})`;
  const name = pick(random, twoArguments);
  const second =
    random.next() < 0.5 ? inner() : name === 'substring' || name === 'round' || name === 'pad' ? '2' : '","';
  return `$${name}(${inner()}, ${second})`;
}

function randomPath(random: Random, depth: number): string {
  const steps = Array.from(
    { length: 1 + randomBelow(random, 3) },
    () => pick(random, names) + randomFilter(random, depth),
  );
  const first = random.next() < 0.15 ? '$.' : random.next() < 0.1 ? '$$.' : '';
  const last = depth > 0 && random.next() < 0.15 ? `.(${randomExpression(random, depth - 1)})` : '';
  return first + steps.join('.') + last;
}

function randomFilter(random: Random, depth: number): string {
  if (random.next() < 0.75) return '';
  if (random.next() < 0.5 || depth <= 0) return `[${pick(random, ['0', '1', '-1', '0.5'])}]`;
  return `[${randomExpression(random, depth - 1)}]`;
}

function literal(random: Random): string {
  return JSON.stringify(pick(random, scalars));
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[randomBelow(random, list.length)]!;
}
