import { expect, it } from 'vitest';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { FrameReader } from './frame-reader.ts';
import { opcode, WebSocketReader } from './web-socket-reader.ts';

function header(kind: number, length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | kind, length]);
  if (length < 65_536) return Buffer.from([0x80 | kind, 126, length >> 8, length & 255]);
  const long = Buffer.alloc(10);
  long[0] = 0x80 | kind;
  long[1] = 127;
  long.writeUInt32BE(length, 6);
  return long;
}

function open() {
  const frames: Buffer[] = [];
  const controls: string[] = [];
  const reader = new WebSocketReader(new FrameReader(100_000_000, (frame) => frames.push(frame)), (kind, payload) =>
    controls.push(`${kind} ${payload}`),
  );
  return { frames, controls, reader };
}

it.each(Array.from({ length: 30 }, (_, seed) => seed))(
  'takes frames apart that are cut and read anywhere, seed %d',
  (seed) => {
    const random = new SeededRandom(seed);
    const below = (bound: number) => Math.floor(random.next() * bound);
    const sent = Array.from({ length: 12 }, () => Buffer.alloc(below(10 ** (1 + below(6))), below(256)));
    const stream = Buffer.concat(
      sent.flatMap((frame) => {
        const size = Buffer.alloc(4);
        size.writeInt32BE(frame.length);
        return [size, frame];
      }),
    );
    const parts: Buffer[] = [];
    for (let at = 0; at < stream.length; ) {
      const piece = stream.subarray(at, at + below(10 ** (1 + below(6))));
      at += piece.length;
      parts.push(header(opcode.binary, piece.length), piece);
      if (random.next() < 0.2) parts.push(header(opcode.ping, 3), Buffer.from('hey'));
      if (random.next() < 0.2) parts.push(header(opcode.binary, 0));
    }
    const wire = Buffer.concat(parts);
    const { reader, frames, controls } = open();
    const readMax = 10 ** (1 + below(6));
    for (let at = 0; at < wire.length; ) {
      const into = reader.buffer();
      expect(into.length).toBeGreaterThan(0);
      const count = Math.min(into.length, 1 + below(readMax), wire.length - at);
      wire.copy(into, 0, at, at + count);
      at += count;
      reader.received(count);
    }
    expect(frames.length).toBe(sent.length);
    for (const [index, frame] of sent.entries()) expect(frames[index]!.equals(frame)).toBe(true);
    expect(new Set(controls).size).toBeLessThanOrEqual(1);
  },
);

it.each([
  ['text', Buffer.from([0x81, 1, 65])],
  ['a mask', Buffer.from([0x82, 0x81, 0, 0, 0, 0, 1])],
  ['extension bits', Buffer.from([0xc2, 1, 1])],
  ['a long control frame', Buffer.from([0x89, 126, 1, 0])],
  ['a length that no number holds', Buffer.from([0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255])],
])('refuses %s', (_, bytes) => {
  const { reader } = open();
  expect(() => reader.push(bytes)).toThrow('WebSocket');
});
