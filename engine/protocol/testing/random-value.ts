import type { Random } from '../../base/random.ts';
import { randomBelow } from '../../base/random.ts';
import { defaultOf, structFields } from '../field-defaults.ts';
import type { Element, Field, Fields, ScalarKind } from '../schema.ts';
import { uuidFromRandom, zeroUuid } from '../uuid.ts';
import { inVersions } from '../versions.ts';

const texts = ['', 'a', 'orders', 'grüße', '主题', '🚂', 'x'.repeat(24), 'y'.repeat(25), 'z'.repeat(300)];
const wideValues = [
  -(2n ** 63n),
  -(2n ** 53n),
  1 - 2 ** 53,
  -1,
  0,
  2 ** 53 - 1,
  2n ** 53n,
  2n ** 60n + 1n,
  2n ** 63n - 1n,
];
const byteLengths = [0, 1, 127, 128, 1_024, 1_025, 5_000];
const arrayLengths = [0, 1, 1, 2, 3];

function pick<T>(random: Random, from: readonly T[]): T {
  return from[randomBelow(random, from.length)] as T;
}

/** A number of `bits` with a liking for the borders. */
function integer(random: Random, min: number, max: number): number {
  const borders = [min, -1, 0, 1, 127, 128, max].filter((value) => value >= min && value <= max);
  if (randomBelow(random, 2) === 0) return pick(random, borders);
  return Math.floor(min + random.next() * (max - min));
}

const scalars: { readonly [K in ScalarKind]: (random: Random) => unknown } = {
  bool: (random) => randomBelow(random, 2) === 1,
  int8: (random) => integer(random, -128, 127),
  int16: (random) => integer(random, -32_768, 32_767),
  uint16: (random) => integer(random, 0, 65_535),
  int32: (random) => integer(random, -2_147_483_648, 2_147_483_647),
  uint32: (random) => integer(random, 0, 4_294_967_295),
  int64: (random) => integer(random, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  int64Clamped: (random) => integer(random, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  int64Wide: (random) => pick(random, wideValues),
  float64: (random) => random.next() * 1e9,
  uuid: (random) => (randomBelow(random, 4) === 0 ? zeroUuid : uuidFromRandom(random.bytes(16))),
  string: (random) => pick(random, texts),
  bytes: (random) => Buffer.from(random.bytes(pick(random, byteLengths))),
  records: (random) => Buffer.from(random.bytes(pick(random, byteLengths))),
};

function randomElement(random: Random, element: Element, version: number): unknown {
  return element.kind === 'struct' ? randomStruct(random, element.fields, version) : scalars[element.kind](random);
}

function randomField(random: Random, field: Field, version: number): unknown {
  if (inVersions(field.nullable, version) && randomBelow(random, 4) === 0) return null;
  if (inVersions(field.tagged, version) && randomBelow(random, 3) === 0) return defaultOf(field);
  if (field.kind === 'struct') return randomStruct(random, structFields(field), version);
  if (field.kind !== 'array') return scalars[field.kind](random);
  const length = pick(random, arrayLengths);
  return Array.from({ length }, () => randomElement(random, field.element as Element, version));
}

/** A struct with random values in the fields of `version` and defaults in the others, so it must survive a round trip. */
export function randomStruct(random: Random, fields: Fields, version: number): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    value[name] = inVersions(field.versions, version) ? randomField(random, field, version) : defaultOf(field);
  }
  return value;
}
