import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { silentLog } from '../base/log.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { SeededRandom } from '../base/seeded-random.ts';
import { KafkaConnection } from './connection.ts';
import { WsSocket } from './ws-socket.ts';

let server: WebSocketServer;
let url: string;
let peer: Promise<WebSocket>;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 64 * 1024 * 1024 });
  await new Promise((resolve) => server.once('listening', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/kafka`;
  peer = new Promise((resolve) => server.once('connection', resolve));
});
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

async function open(zeroMask = false): Promise<{ socket: WsSocket; ws: WebSocket }> {
  const socket = new WsSocket({ url, connectWaitMsMax: 2_000, zeroMask });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return { socket, ws: await peer };
}

const received = (socket: WsSocket, bytes: number) =>
  new Promise<Buffer>((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= bytes) resolve(Buffer.concat(chunks));
    });
  });

describe('WsSocket', () => {
  it.each([false, true])('carries bytes both ways, whatever the frames, zero mask %s', async (zeroMask) => {
    const { socket, ws } = await open(zeroMask);
    ws.on('message', (data: Buffer) => {
      for (const byte of data.subarray(0, 20)) ws.send(Buffer.from([byte]));
    });
    socket.write('hello');
    expect(String(await received(socket, 5))).toBe('hello');
    socket.destroy();
  });

  it('carries 8 MiB in one frame', async () => {
    const { socket, ws } = await open();
    const big = Buffer.alloc(8 * 1024 * 1024, 7);
    ws.send(big);
    expect((await received(socket, big.length)).equals(big)).toBe(true);
    socket.destroy();
  });

  it('joins small writes of one turn into one frame', async () => {
    const { socket, ws } = await open();
    const frames: string[] = [];
    const three = new Promise<void>((resolve) => {
      ws.on('message', (data) => {
        frames.push(String(data));
        if (frames.join('').length === 3) resolve();
      });
    });
    socket.cork();
    for (const text of ['a', 'b', 'c']) socket.write(text);
    socket.uncork();
    await three;
    expect(frames).toEqual(['abc']);
    socket.destroy();
  });

  it('sends everything before it is destroyed soon', async () => {
    const { socket, ws } = await open();
    let size = 0;
    ws.on('message', (data: Buffer) => {
      size += data.length;
    });
    const closed = new Promise((resolve) => ws.once('close', resolve));
    for (let index = 0; index < 50; index++) socket.write(Buffer.alloc(10_000));
    socket.destroySoon();
    await closed;
    expect(size).toBe(500_000);
  });

  it('ends on an orderly close and fails on a broken one', async () => {
    const first = await open();
    const ended = new Promise((resolve) => first.socket.once('end', resolve));
    first.socket.resume();
    first.ws.close(1000);
    await ended;
    peer = new Promise((resolve) => server.once('connection', resolve));
    const second = await open();
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => second.socket.once('error', resolve));
    second.ws.terminate();
    expect((await failed).code).toBe('ECONNRESET');
  });

  it('fails with the system code when nobody listens', async () => {
    const socket = new WsSocket({ url: 'ws://127.0.0.1:1/kafka', connectWaitMsMax: 2_000 });
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve));
    expect(error.code).toBe('ECONNREFUSED');
  });
});

it('drops a connection that is no WebSocket where one was asked for', async () => {
  const host = { clock: new ManualClock(), random: new SeededRandom(1), log: silentLog };
  const connection = new KafkaConnection({ name: 'c', transport: 'websocket', bootstrapServers: 'a:1' }, host);
  const admin = connection.createAdmin();
  let isDestroyed = false;
  const socket = {
    destroy: () => {
      isDestroyed = true;
    },
  };
  admin.emit('client:broker:connect', { broker: { host: 'a', port: 1 }, connection: { socket } } as never);
  expect(isDestroyed).toBe(true);
  expect(connection.error(new Error('whatever'), 'list topics')).toMatchObject({ code: 'KAFKA_TRANSPORT_MISMATCH' });
  await admin.close();
});
