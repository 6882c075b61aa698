import { expect, it } from 'vitest';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import { decodeFrom, encode } from './codec.ts';
import { Reader } from './reader.ts';
import { schemaVersions } from './testing/all-schemas.ts';
import { randomStruct } from './testing/random-value.ts';

const seed = 20_260_617;
const valuesPerVersion = 12;

it(`gives back what was encoded, for every schema and version (seed ${seed})`, () => {
  const random = new SeededRandom(seed);
  for (const { schema, version } of schemaVersions()) {
    for (let round = 0; round < valuesPerVersion; round++) {
      const value = randomStruct(random, schema.fields, version);
      const bytes = Buffer.concat(encode(schema, version, value));
      const reader = new Reader(bytes);
      const place = `seed ${seed}, ${schema.name} v${version}, round ${round}`;
      expect(decodeFrom(reader, schema, version), place).toEqual(value);
      expect(reader.remaining, `${place}: bytes left over`).toBe(0);
    }
  }
});

it('encodes an empty input of optional fields like one with all defaults', () => {
  for (const { schema, version } of schemaVersions()) {
    const spare = Buffer.concat(encode(schema, version, {}));
    const decoded = decodeFrom(new Reader(spare), schema, version);
    expect(Buffer.concat(encode(schema, version, decoded)), `${schema.name} v${version}`).toEqual(spare);
  }
});
