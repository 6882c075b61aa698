import type { Random } from '../../../engine/base/random.ts';
import { randomBelow } from '../../../engine/base/random.ts';
import { handlers } from '../../../engine/broker/api/table.ts';
import type { Api } from '../../../engine/protocol/api-keys.ts';
import { apis } from '../../../engine/protocol/api-keys.ts';
import { encodeRequestFrame } from '../../../engine/protocol/frame.ts';
import { randomStruct } from '../../../engine/protocol/testing/random-value.ts';

const sizeFieldBytes = 4;
const int32Extremes = [-1, -2, 0, 1, 0x7f, 0xff, 0xffff, 1_000_001, 0x7fffffff, -0x80000000];
const tailBytesMax = 64;

/** Every API that the broker has a handler for, those between brokers too. */
export const fuzzedApis: readonly Api[] = Object.values(apis as Readonly<Record<string, Api>>).filter((api) =>
  handlers.some(({ key }) => key === api.key),
);

/** What is done to the bytes of a frame behind its size. */
const mutations: readonly ((frame: Buffer, random: Random) => Buffer)[] = [
  (frame, random) => {
    for (let flips = 1 + randomBelow(random, 8); flips > 0; flips--) {
      const at = randomBelow(random, frame.length);
      frame[at] = (frame[at] ?? 0) ^ (1 << randomBelow(random, 8));
    }
    return frame;
  },
  (frame, random) => frame.subarray(0, randomBelow(random, frame.length + 1)),
  (frame, random) => Buffer.concat([frame, random.bytes(1 + randomBelow(random, tailBytesMax))]),
  (frame, random) => {
    if (frame.length > 8)
      frame.writeInt32BE(
        int32Extremes[randomBelow(random, int32Extremes.length)] ?? 0,
        4 + randomBelow(random, frame.length - 7),
      );
    return frame;
  },
  // A varint that says much: of a count, a length, or tagged fields.
  (frame, random) => {
    const at = randomBelow(random, frame.length);
    return Buffer.concat([frame.subarray(0, at), Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07]), frame.subarray(at)]);
  },
  (frame, random) => {
    const at = randomBelow(random, frame.length);
    const part = frame.subarray(at, at + 1 + randomBelow(random, tailBytesMax));
    return Buffer.concat([frame.subarray(0, at), part, part, frame.subarray(at)]);
  },
  (frame, random) => {
    frame.writeInt16BE(randomBelow(random, 100), 0);
    return frame;
  },
  (frame, random) => {
    frame.writeInt16BE(randomBelow(random, 40) - 2, 2);
    return frame;
  },
  (frame) => frame,
];

/**
 * A frame with its size, of a request that is whole in itself and then spoilt; one in fifty has a size that is not its own.
 * `index` picks the API, so that each has its share.
 */
export function hostileFrame(index: number, random: Random): Buffer {
  const { request, versionMin, versionMax } = fuzzedApis[index % fuzzedApis.length] as Api;
  const version = versionMin + randomBelow(random, versionMax - versionMin + 1);
  const body = randomStruct(random, request.fields, version);
  const identity = { correlationId: index & 0x7fffffff, clientId: randomBelow(random, 4) === 0 ? null : 'fuzz' };
  const whole = Buffer.concat(encodeRequestFrame(request, version, identity, body as never)).subarray(sizeFieldBytes);
  const mutate = mutations[randomBelow(random, mutations.length)] as (typeof mutations)[number];
  const spoilt = whole.length > 8 ? mutate(Buffer.from(whole), random) : whole;
  const size = Buffer.alloc(sizeFieldBytes);
  const isLying = randomBelow(random, 50) === 0;
  size.writeInt32BE(isLying ? (int32Extremes[randomBelow(random, int32Extremes.length)] ?? 0) : spoilt.length);
  return Buffer.concat([size, spoilt]);
}
