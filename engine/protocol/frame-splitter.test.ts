import { describe, expect, it } from 'vitest';
import { randomBelow } from '../base/random.ts';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import type { DecodeError } from './decode-error.ts';
import { FrameSplitter } from './frame-splitter.ts';

const frameBytesMax = 4_000_000;

function framed(...bodies: readonly Buffer[]): Buffer {
  return Buffer.concat(
    bodies.flatMap((body) => {
      const size = Buffer.alloc(4);
      size.writeInt32BE(body.length);
      return [size, body];
    }),
  );
}

function split(stream: Buffer, nextLength: () => number): Buffer[] {
  const splitter = new FrameSplitter(frameBytesMax);
  const frames: Buffer[] = [];
  for (let at = 0; at < stream.length; ) {
    const length = nextLength();
    splitter.push(Buffer.from(stream.subarray(at, at + length)), (frame) => frames.push(frame));
    at += length;
  }
  expect(splitter.bufferedBytes).toBe(0);
  return frames;
}

const bodies = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(1, 1), Buffer.alloc(70_000, 2), Buffer.from('last')];

describe('FrameSplitter', () => {
  it('gives the same frames for chunks of every size', () => {
    for (const length of [1, 2, 3, 4, 5, 7, 1_000, 65_536, 1_000_000]) {
      expect(
        split(framed(...bodies), () => length),
        `chunks of ${length}`,
      ).toEqual(bodies);
    }
  });

  it('gives the same frames for random chunks (seed 11)', () => {
    const random = new SeededRandom(11);
    for (let round = 0; round < 50; round++) {
      const frames = split(framed(...bodies), () => 1 + randomBelow(random, 9_000));
      expect(frames.map((frame) => frame.toString('hex'))).toEqual(bodies.map((body) => body.toString('hex')));
    }
  });

  it('puts a frame of several megabytes together', () => {
    const body = Buffer.from(new SeededRandom(3).bytes(3_500_000));
    const frames = split(framed(body, body), () => 65_521);
    expect(frames.map((frame) => frame.equals(body))).toEqual([true, true]);
  });

  it('does not copy a frame that lies in one chunk', () => {
    const chunk = framed(Buffer.from('abc'), Buffer.from('de'));
    const frames: Buffer[] = [];
    new FrameSplitter(frameBytesMax).push(chunk, (frame) => frames.push(frame));
    expect(frames.map(String)).toEqual(['abc', 'de']);
    expect(frames.every((frame) => frame.buffer === chunk.buffer)).toBe(true);
  });

  it('keeps earlier frames intact while it collects later ones', () => {
    const first = Buffer.alloc(5_000, 1);
    const second = Buffer.alloc(5_000, 2);
    const frames = split(framed(first, second), () => 999);
    expect(frames).toEqual([first, second]);
  });

  it.each([
    ['7fffffff', 'FRAME_TOO_LARGE', 'expected a frame of at most 4000000 bytes, found 2147483647'],
    ['003d0901', 'FRAME_TOO_LARGE', 'expected a frame of at most 4000000 bytes, found 4000001'],
    ['ffffffff', 'FRAME_SIZE_NEGATIVE', 'expected a frame size of 0 or more, found -1'],
  ])('refuses the size %s as soon as it is known', (hex, code, text) => {
    for (const parts of [[hex], [hex.slice(0, 2), hex.slice(2)]]) {
      const splitter = new FrameSplitter(frameBytesMax);
      const pushAll = () => {
        for (const part of parts) splitter.push(Buffer.from(part, 'hex'), () => undefined);
      };
      expect(pushAll).toThrow(text);
      try {
        new FrameSplitter(frameBytesMax).push(Buffer.from(hex, 'hex'), () => undefined);
      } catch (error) {
        expect((error as DecodeError).code).toBe(code);
      }
    }
  });

  it('holds no more than what has arrived', () => {
    const splitter = new FrameSplitter(frameBytesMax);
    splitter.push(Buffer.from('003d090000', 'hex'), () => undefined);
    expect(splitter.bufferedBytes).toBe(1);
  });
});
