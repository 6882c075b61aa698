import { expect, it } from 'vitest';
import { randomBelow } from '../base/random.ts';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import { decode, encode } from './codec.ts';
import { DecodeError } from './decode-error.ts';
import type { MessageSchema } from './schema.ts';
import { schemaVersions } from './testing/all-schemas.ts';
import { randomStruct } from './testing/random-value.ts';

const seed = 482;
const variantsPerMessage = 24;

/** Undefined when the bytes decode (they may happen to be valid), else what was thrown. */
function thrownBy(schema: MessageSchema, version: number, bytes: Buffer): unknown {
  try {
    decode(schema, version, bytes);
    return undefined;
  } catch (error) {
    return error;
  }
}

it(`answers truncated messages with a DecodeError that names the message (seed ${seed})`, () => {
  const random = new SeededRandom(seed);
  for (const { schema, version } of schemaVersions()) {
    const bytes = Buffer.concat(encode(schema, version, randomStruct(random, schema.fields, version)));
    for (let round = 0; round < variantsPerMessage && bytes.length > 0; round++) {
      const length = randomBelow(random, bytes.length);
      const place = `seed ${seed}, ${schema.name} v${version}, cut to ${length} of ${bytes.length}`;
      const thrown = thrownBy(schema, version, bytes.subarray(0, length));
      expect(thrown, place).toBeInstanceOf(DecodeError);
      expect((thrown as DecodeError).message, place).toContain(`${schema.name} v${version}`);
    }
  }
});

it(`answers flipped bits and overwritten bytes with a DecodeError or a value, never with another error (seed ${seed})`, () => {
  const random = new SeededRandom(seed + 1);
  for (const { schema, version } of schemaVersions()) {
    const bytes = Buffer.concat(encode(schema, version, randomStruct(random, schema.fields, version)));
    for (let round = 0; round < variantsPerMessage && bytes.length > 0; round++) {
      const broken = Buffer.from(bytes);
      for (let flips = randomBelow(random, 3); flips >= 0; flips--) {
        const at = randomBelow(random, broken.length);
        broken[at] = round % 2 === 0 ? (broken[at] as number) ^ (1 << randomBelow(random, 8)) : pickByte(random);
      }
      const thrown = thrownBy(schema, version, broken);
      const place = `seed ${seed + 1}, ${schema.name} v${version}, ${broken.toString('hex').slice(0, 400)}`;
      if (thrown !== undefined) expect(thrown, place).toBeInstanceOf(DecodeError);
    }
  }
});

function pickByte(random: SeededRandom): number {
  return [0x00, 0x7f, 0x80, 0xff][randomBelow(random, 4)] as number;
}
