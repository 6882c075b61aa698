import { expect, it } from 'vitest';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { FrameReader } from './frame-reader.ts';

/** Reads a stream in pieces of the sizes that `pieces` gives, never more than the reader has room for. */
function read(stream: Buffer, pieces: () => number, frameBytesMax = 100_000_000): Buffer[] {
  const frames: Buffer[] = [];
  const reader = new FrameReader(frameBytesMax, (frame) => frames.push(frame));
  for (let at = 0; at < stream.length; ) {
    const into = reader.buffer();
    const count = Math.min(into.length, pieces(), stream.length - at);
    stream.copy(into, 0, at, at + count);
    at += count;
    reader.received(count);
  }
  return frames;
}

function framed(frames: readonly Buffer[]): Buffer {
  return Buffer.concat(
    frames.flatMap((frame) => {
      const size = Buffer.alloc(4);
      size.writeInt32BE(frame.length);
      return [size, frame];
    }),
  );
}

it.each(Array.from({ length: 30 }, (_, seed) => seed))(
  'gives the frames of a stream that is cut anywhere, seed %d',
  (seed) => {
    const random = new SeededRandom(seed);
    const frames = Array.from({ length: 20 }, () => {
      const size = Math.floor(10 ** (random.next() * (random.next() < 0.1 ? 6.7 : 4)) - 1);
      return Buffer.alloc(size, Math.floor(random.next() * 256));
    });
    const piecesMax = 10 ** (random.next() * 6);
    const found = read(framed(frames), () => 1 + Math.floor(random.next() * piecesMax));
    expect(found.length).toBe(frames.length);
    for (const [index, frame] of frames.entries()) expect(found[index]!.equals(frame)).toBe(true);
  },
);

it('takes bytes that lie elsewhere', () => {
  const frames = [Buffer.from('a'), Buffer.alloc(0), Buffer.alloc(200_000, 3), Buffer.from('b')];
  const found: Buffer[] = [];
  const reader = new FrameReader(1_000_000, (frame) => found.push(frame));
  const stream = framed(frames);
  for (let at = 0; at < stream.length; at += 70_001) reader.push(stream.subarray(at, at + 70_001));
  expect(found.map(({ length }) => length)).toEqual([1, 0, 200_000, 1]);
  expect(found.every((frame, index) => frame.equals(frames[index]!))).toBe(true);
});

it('keeps frames that were given when it reads on', () => {
  const [first] = read(framed([Buffer.from('first'), Buffer.alloc(60_000, 1), Buffer.from('last')]), () => 9);
  expect(first!.toString()).toBe('first');
});

it('refuses sizes that cannot be', () => {
  const size = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  expect(() => read(size(-1), () => 4)).toThrow('found -1');
  expect(() => read(size(1_001), () => 4, 1_000)).toThrow('at most 1000 bytes');
});
