import { once } from 'node:events';
import { get } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { silentLog } from '../../../base/log.ts';
import type { FrameConnection } from '../../../base/net.ts';
import { apis } from '../../../protocol/api-keys.ts';
import { encodeRequestFrame } from '../../../protocol/frame.ts';
import { FrameSplitter } from '../../../protocol/frame-splitter.ts';
import { MetricRegistry } from '../metrics/metric-registry.ts';
import { quietDoor } from '../testing/quiet-door.ts';
import { testClusterKey } from '../testing/test-config.ts';
import { testDispatch } from '../testing/test-dispatch.ts';
import { TurnedAway } from '../turned-away.ts';
import type { BrokerServerOptions } from './broker-server.ts';
import { BrokerServer } from './broker-server.ts';
import { NodeDialer } from './node-dialer.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(replace: Partial<BrokerServerOptions> = {}) {
  const registry = new MetricRegistry();
  const dispatch = testDispatch({ registry });
  const server = new BrokerServer({
    doors: [{ host: '127.0.0.1', port: 0, plain: { listener: undefined, isForPeers: true } }],
    clusterKey: testClusterKey,
    guard: { listenHosts: ['127.0.0.1'], allowedHosts: [], allowedOrigins: ['http://studio'] },
    frameBytesMax: 1_000_000,
    sendBufferBytesMax: 1_000_000,
    requestBytesMax: 10_000_000,
    responseBytesMax: 100_000_000,
    connectionsMax: () => 100,
    idleMsMax: 60_000,
    log: silentLog,
    turnedAway: quietDoor(),
    status: { unreadyReason: () => undefined, metricsText: () => registry.text() },
    onConnection: (connection) => dispatch.serve(connection),
    onTraffic: () => {},
    ...replace,
  });
  const [port = 0] = await server.listen();
  cleanups.push(() => server.close());
  return { server, port };
}

async function dialTcp(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  cleanups.push(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

function requestFrame(correlationId: number): Buffer {
  const body = { clientSoftwareName: 'test', clientSoftwareVersion: '1' };
  return Buffer.concat(encodeRequestFrame(apis.apiVersions.request, 3, { correlationId, clientId: 'test' }, body));
}

/** Correlation ids of the next `count` responses. */
function responses(source: Socket | WebSocket, count: number): Promise<number[]> {
  const splitter = new FrameSplitter(10_000_000);
  const ids: number[] = [];
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer) =>
      splitter.push(chunk, (frame) => {
        ids.push(frame.readInt32BE(0));
        if (ids.length === count) resolve(ids);
      });
    if (source instanceof WebSocket) source.on('message', (data) => take(data as Buffer));
    else source.on('data', take);
    source.on('close', () => reject(new Error(`closed after ${ids.length} of ${count} responses`)));
  });
}

function openWebSocket(port: number, path: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers, perMessageDeflate: false });
  cleanups.push(() => webSocket.terminate());
  return new Promise((resolve, reject) => {
    webSocket.once('open', () => resolve(webSocket));
    webSocket.once('error', reject);
  });
}

function page(
  port: number,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    }).on('error', reject);
  });
}

describe('BrokerServer', () => {
  it('serves Kafka over TCP, however the bytes arrive', async () => {
    const { port } = await start();
    const socket = await dialTcp(port);
    const answered = responses(socket, 4);
    for (const byte of requestFrame(1)) {
      await new Promise<void>((resolve) => socket.write(Buffer.from([byte]), () => setImmediate(resolve)));
    }
    socket.write(Buffer.concat([requestFrame(2), requestFrame(3), requestFrame(4)]));
    expect(await answered).toEqual([1, 2, 3, 4]);
  });

  it('takes WebSocket messages as a stream: several frames, parts of one, and one in the segment of the upgrade', async () => {
    const { port } = await start();
    const webSocket = await openWebSocket(port, '/kafka');
    const answered = responses(webSocket, 3);
    const frame = requestFrame(3);
    webSocket.send(Buffer.concat([requestFrame(1), requestFrame(2), frame.subarray(0, 3)]));
    webSocket.send(frame.subarray(3, 9));
    webSocket.send(frame.subarray(9));
    expect(await answered).toEqual([1, 2, 3]);
  });

  it('does not lose a first frame that arrives with the upgrade', async () => {
    const { port } = await start();
    const socket = await dialTcp(port);
    const frame = requestFrame(9);
    const masked = Buffer.concat([Buffer.from([0x82, 0x80 | frame.length, 0, 0, 0, 0]), frame]);
    const head = `GET /kafka HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;
    let received = Buffer.alloc(0);
    const answered = new Promise<void>((resolve) => {
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        const body = received.indexOf('\r\n\r\n') + 4;
        if (body > 4 && received.length > body + 10) resolve();
      });
    });
    const first = Buffer.concat([Buffer.from(head), masked]);
    socket.write(first.subarray(0, 1), () => socket.write(first.subarray(1)));
    await answered;
    expect(received.toString('latin1')).toContain('101 Switching Protocols');
    expect(received.includes(Buffer.from([0, 0, 0, 9]))).toBe(true);
  });

  it('closes clients of an address that has enough, after the wait that is asked for, and serves those in turn', async () => {
    const asked: string[] = [];
    const gone = Promise.withResolvers<string>();
    const verdicts = [
      { afterMs: 0, refusal: undefined },
      { afterMs: 20, refusal: undefined },
      { afterMs: 20, refusal: 'too many' },
    ];
    const limits = {
      opened: (address: string) => {
        asked.push(address);
        return verdicts[asked.length - 1] ?? { afterMs: 0, refusal: 'too many' };
      },
      closed: gone.resolve,
    };
    const { port } = await start({ limits });
    const sockets = await Promise.all([dialTcp(port), dialTcp(port)]);
    for (const socket of sockets) {
      const answered = responses(socket, 1);
      socket.write(requestFrame(1));
      expect(await answered).toEqual([1]);
    }
    const late = await dialTcp(port);
    late.write(requestFrame(1));
    await once(late, 'close');
    await expect(openWebSocket(port, '/kafka')).rejects.toThrow();
    expect(asked).toEqual(Array(4).fill('127.0.0.1'));
    sockets[0]?.destroy();
    expect(await gone.promise).toBe('127.0.0.1');
  });

  it('closes a connection whose frame is too large, before it has arrived', async () => {
    const { port } = await start();
    const socket = await dialTcp(port);
    socket.write(Buffer.from('7f000000', 'hex'));
    socket.resume();
    await once(socket, 'close');
    const webSocket = await openWebSocket(port, '/kafka');
    webSocket.send(Buffer.from('7f000000', 'hex'));
    await once(webSocket, 'close');
  });

  it('closes TLS with a clear log line', async () => {
    const lines: string[] = [];
    const log = { ...silentLog, warn: (message: string) => lines.push(message) };
    const { port } = await start({
      turnedAway: new TurnedAway(
        log,
        () => {},
        () => 0,
      ),
    });
    const socket = await dialTcp(port);
    socket.write(Buffer.from('16030100', 'hex'));
    socket.resume();
    await once(socket, 'close');
    expect(lines.join()).toContain('TLS');
  });

  it('answers health, readiness and metrics', async () => {
    const { port } = await start({ status: { unreadyReason: () => 'fenced', metricsText: () => 'x 1\n' } });
    expect(await page(port, '/healthz')).toEqual({ status: 200, body: 'ok, but not ready: fenced\n' });
    expect(await page(port, '/readyz')).toEqual({ status: 503, body: 'not ready: fenced\n' });
    expect(await page(port, '/metrics')).toEqual({ status: 200, body: 'x 1\n' });
    expect((await page(port, '/kafka')).status).toBe(426);
    expect((await page(port, '/other')).status).toBe(404);
  });

  it('answers HEAD like GET without a body, and says of other methods what is allowed', async () => {
    const { port } = await start();
    const exchange = async (method: string, path: string): Promise<string> => {
      const socket = await dialTcp(port);
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`);
      await once(socket, 'close');
      return text;
    };
    expect(await exchange('HEAD', '/healthz')).toMatch(/^HTTP\/1.1 200 OK\r\n.*content-length: 3\r\n.*\r\n\r\n$/is);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])
      expect(await exchange(method, '/healthz')).toMatch(/^HTTP\/1.1 405 .*allow: GET, HEAD\r\n/is);
  });

  it('cuts a client that never finishes its header, however busy it is', async () => {
    const reasons: string[] = [];
    const turnedAway = new TurnedAway(
      silentLog,
      (reason) => reasons.push(reason),
      () => 0,
    );
    const { port } = await start({ httpWaitMsMax: 100, turnedAway });
    const webSocket = await openWebSocket(port, '/kafka');
    const socket = await dialTcp(port);
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ');
    const trickle = setInterval(() => socket.write('a'), 5);
    cleanups.push(() => clearInterval(trickle));
    socket.resume();
    // Not events.once, which fails when the cut resets what was just written.
    await new Promise((closed) => socket.once('close', closed));
    expect(reasons).toEqual(['an HTTP request took too long']);
    // A WebSocket that is older than the limit goes on.
    const answered = responses(webSocket, 1);
    webSocket.send(requestFrame(4));
    expect(await answered).toEqual([4]);
  });

  it('lets the oldest of too many connections go that have said nothing whole', async () => {
    const { port, server } = await start({ connectionsMax: () => 5_000 });
    const first = await dialTcp(port);
    const speaking = await dialTcp(port);
    const answered = responses(speaking, 2);
    speaking.write(requestFrame(1));
    first.resume();
    const closed = once(first, 'close');
    for (let count = 0; count < 1_000; count++) await dialTcp(port);
    await closed;
    speaking.write(requestFrame(2));
    expect(await answered).toEqual([1, 2]);
    await expect.poll(() => server.connectionCount).toBe(1_001);
  });

  it('turns Kafka clients away while there is no descriptor, and still says how it is', async () => {
    const descriptors = { isOut: true };
    const { port } = await start({ descriptors });
    const socket = await dialTcp(port);
    socket.resume();
    socket.write(requestFrame(1));
    await once(socket, 'close');
    expect((await page(port, '/readyz')).status).toBe(200);
    descriptors.isOut = false;
    const later = await dialTcp(port);
    const answered = responses(later, 1);
    later.write(requestFrame(2));
    expect(await answered).toEqual([2]);
  });

  it('keeps browser pages and foreign host names out', async () => {
    const { port } = await start();
    expect((await page(port, '/metrics', { origin: 'http://evil' })).status).toBe(403);
    expect((await page(port, '/metrics', { host: 'evil.example' })).status).toBe(403);
    expect((await page(port, '/metrics', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await page(port, '/healthz', { host: `localhost:${port}` })).status).toBe(200);
    await expect(openWebSocket(port, '/kafka', { origin: 'http://evil' })).rejects.toThrow('403');
    await expect(openWebSocket(port, '/kafka', { host: 'evil.example' })).rejects.toThrow('403');
    await openWebSocket(port, '/kafka', { origin: 'http://studio' });
  });

  it('lets only holders of the cluster key in as peers', async () => {
    const peers: boolean[] = [];
    const { port } = await start({ onConnection: (connection) => peers.push(connection.isPeer) });
    await expect(openWebSocket(port, '/peer')).rejects.toThrow('401');
    await expect(openWebSocket(port, '/peer', { authorization: 'Bearer wrong' })).rejects.toThrow('401');
    await openWebSocket(port, '/peer', { authorization: `Bearer ${testClusterKey}` });
    await openWebSocket(port, '/kafka');
    expect(peers).toEqual([true, false]);
  });

  it('dials as a peer; frames sent before the connection is up arrive', async () => {
    const { port } = await start();
    const dialer = new NodeDialer({
      clusterKey: testClusterKey,
      frameBytesMax: 1_000_000,
      sendBufferBytesMax: 1_000_000,
    });
    const connection = dialer.dial('127.0.0.1', port);
    const frame = new Promise<Buffer>((resolve) => {
      connection.onFrame = resolve;
    });
    connection.send([requestFrame(5).subarray(4)]);
    expect((await frame).readInt32BE(0)).toBe(5);
    const closed = new Promise((resolve) => {
      connection.onClose = resolve;
    });
    connection.close();
    await closed;
  });

  it('tells a dialler why there is no connection', async () => {
    const { port, server } = await start();
    await server.close();
    const dialer = new NodeDialer({ clusterKey: testClusterKey, frameBytesMax: 1_000, sendBufferBytesMax: 1_000 });
    const connection = dialer.dial('127.0.0.1', port);
    const reason = await new Promise<string>((resolve) => {
      connection.onClose = resolve;
    });
    expect(reason).toContain('ECONNREFUSED');
  });

  it.each(['tcp', 'websocket'])(
    'stops reading a %s client that does not read its responses, and goes on when it does',
    async (kind) => {
      const accepted: FrameConnection[] = [];
      let requests = 0;
      const chunk = Buffer.alloc(500_000);
      const { port } = await start({
        sendBufferBytesMax: 4_000_000,
        onConnection: (connection) => {
          accepted.push(connection);
          connection.onFrame = (frame) => {
            requests++;
            connection.send([frame.subarray(0, 4), chunk]);
          };
        },
      });
      const count = 200;
      const frames = Array.from({ length: count }, (_, index) => {
        const frame = Buffer.alloc(8);
        frame.writeInt32BE(4);
        frame.writeInt32BE(index, 4);
        return frame;
      });
      const client = kind === 'tcp' ? await dialTcp(port) : await openWebSocket(port, '/kafka');
      client.pause();
      const received = responses(client, count);
      client.pause();
      for (const frame of frames) {
        if (client instanceof WebSocket) client.send(frame);
        else client.write(frame);
      }
      await expect.poll(() => (accepted[0]?.bufferedBytes ?? 0) > 4_000_000).toBe(true);
      const held = requests;
      expect(held).toBeLessThan(count);
      expect(accepted[0]?.bufferedBytes).toBeLessThan(10_000_000);
      client.resume();
      expect(await received).toEqual(frames.map((_, index) => index));
    },
  );

  it('refuses connections above the bound and closes silent ones', async () => {
    const { port, server } = await start({ connectionsMax: () => 1, idleMsMax: 80 });
    const first = await dialTcp(port);
    await expect.poll(() => server.connectionCount).toBe(1);
    const second = await dialTcp(port);
    second.resume();
    await once(second, 'close');
    first.resume();
    await once(first, 'close');
    await expect.poll(() => server.connectionCount).toBe(0);
  });

  it('keeps to the bound as it is set while it serves', async () => {
    let limit = 1;
    const { port, server } = await start({ connectionsMax: () => limit });
    await dialTcp(port);
    await expect.poll(() => server.connectionCount).toBe(1);
    const refused = await dialTcp(port);
    refused.resume();
    await once(refused, 'close');
    limit = 2;
    await dialTcp(port);
    await expect.poll(() => server.connectionCount).toBe(2);
  });

  it('names a port that is taken', async () => {
    const { port } = await start();
    const doors = [{ host: '127.0.0.1', port, plain: { listener: undefined, isForPeers: true } }];
    await expect(start({ doors })).rejects.toMatchObject({ code: 'PORT_IN_USE', details: { port } });
  });
});
