import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { silentLog } from '../../base/log.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { NodeClock } from '../../host/node-clock.ts';
import { apis } from '../../protocol/api-keys.ts';
import { encodeResponseFrame } from '../../protocol/frame.ts';
import type { KafkaConnectionSettings } from '../connection.ts';
import { KafkaConnection } from '../connection.ts';
import type { TestCertificates } from '../testing/test-certificates.ts';
import { makeCertificates, whyNoCertificates } from '../testing/test-certificates.ts';
import { ClusterClient } from './cluster-client.ts';
import type { TlsSettings } from './tls-options.ts';

const host = { clock: new NodeClock(), random: new SeededRandom(1), log: silentLog };
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** Answers the first two requests of a client: versions, then an empty cluster. */
function answers(port: number): Buffer[] {
  const apiKeys = [apis.metadata, apis.apiVersions].map((api) => ({ apiKey: api.key, minVersion: 0, maxVersion: 3 }));
  const brokers = [{ nodeId: 1, host: '127.0.0.1', port }];
  const metadata = { throttleTimeMs: 0, brokers, clusterId: 'c', controllerId: 1, topics: [], errorCode: 0 };
  return [
    Buffer.concat(encodeResponseFrame(apis.apiVersions.response, 0, 0, { errorCode: 35, apiKeys })),
    Buffer.concat(encodeResponseFrame(apis.apiVersions.response, 3, 1, { errorCode: 0, apiKeys })),
    Buffer.concat(encodeResponseFrame(apis.metadata.response, 3, 2, metadata)),
  ];
}

/** The error of a first question, and how long it took; undefined when it was answered. */
async function ask(settings: Partial<KafkaConnectionSettings>, address: string) {
  const connection = new KafkaConnection(
    { name: 'test', transport: 'tcp', bootstrapServers: address, connectWaitMsMax: 2_000, ...settings },
    host,
  );
  const client = new ClusterClient(connection);
  const started = performance.now();
  const error = await client.requestAny(apis.metadata, { topics: [] }, { rounds: 1 }).then(
    () => undefined,
    (thrown) => thrown as { code: string; message: string },
  );
  await client.close();
  return { error, tookMs: performance.now() - started };
}

const noCertificates = whyNoCertificates();

describe.skipIf(noCertificates)(`TLS${noCertificates ? ` (skipped: ${noCertificates})` : ''}`, () => {
  const none = { certificate: '', key: '' };
  const { ca, server, client, otherCa }: TestCertificates = noCertificates
    ? { ca: '', otherCa: '', server: none, client: none }
    : makeCertificates();

  async function tlsBroker(requestCert = false): Promise<number> {
    const options = { cert: server.certificate, key: server.key, ca, requestCert, rejectUnauthorized: requestCert };
    let port = 0;
    const broker = createTlsServer(options, (socket) => {
      const left = answers(port);
      socket.on('data', () => socket.write(left.shift() ?? Buffer.alloc(0)));
      socket.on('error', () => {});
    });
    port = await listen(broker);
    return port;
  }

  it('works by name and by IP address, without a warning', async () => {
    const warnings: string[] = [];
    const note = (warning: Error) => warnings.push(warning.message);
    process.on('warning', note);
    const port = await tlsBroker();
    expect((await ask({ tls: { ca } }, `localhost:${port}`)).error).toBeUndefined();
    expect((await ask({ tls: { ca } }, `127.0.0.1:${port}`)).error).toBeUndefined();
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('works inside a WebSocket over TLS', async () => {
    const https = createHttpsServer({ cert: server.certificate, key: server.key });
    const port = await listen(https);
    answering(new WebSocketServer({ server: https }), port);
    const webSocketUrl = () => `wss://localhost:${port}/kafka`;
    const settings = { transport: 'websocket', tls: { ca }, webSocketUrl } as const;
    expect((await ask(settings, `localhost:${port}`)).error).toBeUndefined();
  });

  it('shows a client certificate where the broker asks for one', async () => {
    const tls = { ca, certificate: client.certificate, privateKey: client.key };
    expect((await ask({ tls }, `localhost:${await tlsBroker(true)}`)).error).toBeUndefined();
  });

  const faults: [string, (() => Promise<number>) | undefined, TlsSettings | undefined, string][] = [
    ['a client certificate that is missing', () => tlsBroker(true), { ca }, 'expects a client certificate'],
    ['an authority that is not the broker’s', () => tlsBroker(), { ca: otherCa }, 'certificate'],
    ['a plain port', undefined, { ca }, 'TLS'],
    ['a TLS port without TLS', () => tlsBroker(), undefined, 'TLS'],
  ];
  it.each(faults)('says what is wrong, at once: %s', async (_, broker, tls, expected) => {
    const plain = createServer((socket) => {
      // As Kafka does with a size that is none.
      socket.on('data', () => socket.destroy());
      socket.on('error', () => {});
    });
    const port = broker ? await broker() : await listen(plain);
    const { error, tookMs } = await ask(tls ? { tls } : {}, `localhost:${port}`);
    expect(error?.message).toContain(expected);
    expect(['KAFKA_TLS_FAILED', 'KAFKA_CONNECT_FAILED']).toContain(error?.code);
    expect(tookMs).toBeLessThan(1_500);
  });

  it('refuses authorities that are no PEM text, before it connects', () => {
    const open = (tls: TlsSettings) => () =>
      new KafkaConnection({ name: 'orders', transport: 'tcp', bootstrapServers: 'localhost', tls }, host);
    expect(open({ ca: 'hello' })).toThrow('expected PEM text');
    expect(open({ ca: ca.replace(/[A-Za-z0-9]{20}\n/, '!\n') })).toThrow('cannot be read');
    expect(open({ ca, certificate: client.certificate })).toThrow('private key');
    expect(open({ ca })).not.toThrow();
  });
});

/** A WebSocket server that answers as a broker, byte by byte, with pings in between. */
function answering(server: WebSocketServer, port: number): void {
  server.on('connection', (socket) => {
    const left = answers(port);
    socket.on('message', () => {
      socket.ping();
      for (const byte of left.shift() ?? []) socket.send(Buffer.from([byte]));
    });
  });
}

describe('sockets', () => {
  it('carry frames over a WebSocket as over TCP, cut anywhere', async () => {
    const http = createHttpServer();
    const port = await listen(http);
    answering(new WebSocketServer({ server: http }), port);
    expect((await ask({ transport: 'websocket' }, `127.0.0.1:${port}`)).error).toBeUndefined();
  });

  it('say that a port speaks HTTP and no WebSocket, or ends it', async () => {
    const http = createHttpServer((_, response) => response.writeHead(404).end());
    const port = await listen(http);
    const { error } = await ask({ transport: 'websocket' }, `127.0.0.1:${port}`);
    expect(error).toMatchObject({ code: 'KAFKA_CONNECT_FAILED' });
    const ending = createHttpServer();
    const endingPort = await listen(ending);
    new WebSocketServer({ server: ending }).on('connection', (socket) => socket.close(1001));
    const ended = await ask({ transport: 'websocket' }, `127.0.0.1:${endingPort}`);
    expect(ended.error).toMatchObject({ code: 'KAFKA_CONNECT_FAILED' });
  });

  it.each(['tcp', 'websocket'] as const)('give up a peer that accepts and says nothing, %s', async (transport) => {
    const port = await listen(createServer(() => {}));
    const connectWaitMsMax = 200;
    const settings = { transport, connectWaitMsMax, requestTimeoutMs: 300 };
    const { error, tookMs } = await ask(settings, `127.0.0.1:${port}`);
    expect(error?.code).toMatch(/KAFKA_CONNECT_FAILED|KAFKA_REQUEST_TIMED_OUT/);
    expect(tookMs).toBeLessThan(2_000);
  });

  it('say that a broker closed the connection before it answered', async () => {
    const port = await listen(createServer((socket) => socket.once('data', () => socket.destroy())));
    const { error } = await ask({}, `127.0.0.1:${port}`);
    expect(error).toMatchObject({ code: 'KAFKA_CONNECT_FAILED' });
    expect(error?.message).toContain('it may expect TLS');
  });
});
