import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { connect as connectTls } from 'node:tls';
import { afterEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { silentLog } from '../../../../base/log.ts';
import type { FrameConnection } from '../../../../base/net.ts';
import { apis } from '../../../../protocol/api-keys.ts';
import { encodeRequestFrame } from '../../../../protocol/frame.ts';
import { brokerConfigFrom } from '../../config/broker-config.ts';
import { ListenerSettings } from '../../config/listener-settings.ts';
import { testClusterKey, testConfig } from '../../testing/test-config.ts';
import { testDispatch } from '../../testing/test-dispatch.ts';
import { TurnedAway } from '../../turned-away.ts';
import { BrokerServer } from '../broker-server.ts';
import { doorsOf } from '../doors-of.ts';
import { NodeDialer } from '../node-dialer.ts';
import { testAuthority, writeStores } from '../testing/test-identity.ts';
import { TlsEndpoint } from './tls-endpoint.ts';
import { TlsListeners } from './tls-listeners.ts';
import { readTlsIdentity } from './tls-store.ts';

const authority = testAuthority();
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server with the listeners that the settings name, and what it has taken in and turned away. */
async function serve(settings: Readonly<Record<string, string>>, handshakeWaitMsMax?: number) {
  const stores = writeStores(authority.certificate, authority.issue('broker'));
  cleanups.push(() => rmSync(stores.folder, { recursive: true }));
  const config = brokerConfigFrom({
    brokerId: 1,
    clusterId: testConfig.clusterId,
    clusterKey: testClusterKey,
    dataFolder: '/data',
    listen: { host: '127.0.0.1', port: 0 },
    voters: [{ id: 1, host: '127.0.0.1', port: 9_001 }],
    settings: { ...stores.settings, ...settings },
  });
  const tls = new TlsListeners(config, silentLog);
  const taken: FrameConnection[] = [];
  const away: string[] = [];
  const dispatch = testDispatch();
  const doors = doorsOf(config.listenerSet, tls).map(({ door }) => door);
  const short = handshakeWaitMsMax === undefined ? undefined : shortEndpoint(config.given, handshakeWaitMsMax);
  const server = new BrokerServer({
    doors: short ? doors.map((door) => ({ ...door, tls: door.tls && { ...door.tls, endpoint: short } })) : doors,
    clusterKey: testClusterKey,
    guard: { listenHosts: ['127.0.0.1'], allowedHosts: [], allowedOrigins: [] },
    frameBytesMax: 1_000_000,
    sendBufferBytesMax: 1_000_000,
    requestBytesMax: 10_000_000,
    responseBytesMax: 100_000_000,
    connectionsMax: () => 100,
    idleMsMax: 60_000,
    log: silentLog,
    turnedAway: new TurnedAway(
      silentLog,
      (reason) => away.push(reason),
      () => 0,
    ),
    status: { unreadyReason: () => undefined, metricsText: () => 'metrics' },
    onConnection: (connection) => {
      taken.push(connection);
      dispatch.serve(connection);
    },
    onTraffic: () => {},
  });
  const ports = await server.listen();
  tls.start();
  cleanups.push(
    () => server.close(),
    () => tls.stop(),
  );
  return { server, port: ports[0] ?? 0, ports, taken, away, tls, stores };
}

function shortEndpoint(given: ReadonlyMap<string, string>, waitMsMax: number): TlsEndpoint {
  const settings = new ListenerSettings(given, 'PLAINTEXT');
  return new TlsEndpoint(settings, readTlsIdentity(settings), waitMsMax);
}

const secured = { 'listener.security.protocol.map': 'PLAINTEXT:SSL' };

async function dial(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', ca: authority.certificate, ...options });
  cleanups.push(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  return socket;
}

/** Asks ApiVersions over a socket; whether there was an answer before the socket closed. */
async function asks(socket: TLSSocket): Promise<boolean> {
  const body = { clientSoftwareName: 'test', clientSoftwareVersion: '1' };
  const header = { correlationId: 7, clientId: 'test' };
  for (const chunk of encodeRequestFrame(apis.apiVersions.request, 3, header, body)) socket.write(chunk);
  return new Promise((resolve) => {
    socket.once('data', () => resolve(true));
    socket.once('close', () => resolve(false));
  });
}

/** A plain socket that its server may end as it likes. */
function dialPlain(port: number) {
  const socket = connect(port, '127.0.0.1');
  cleanups.push(() => socket.destroy());
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  return { socket, closed };
}

it('serves TLS, and nobody without it, on a listener that wants it', async () => {
  const { port, away, server } = await serve(secured);
  const socket = await dial(port);
  expect(await asks(socket)).toBe(true);
  expect(socket.getProtocol()).toBe('TLSv1.3');
  const plain = dialPlain(port);
  plain.socket.write(Buffer.from([0, 0, 0, 9]));
  await plain.closed;
  expect(away).toEqual(['a client without TLS where it is wanted']);
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  expect(answer.status).toBe(200);
  socket.destroy();
  await expect.poll(() => server.connectionCount).toBe(0);
});

it('tells TLS and plain clients apart on one port, each on the listener that is for it', async () => {
  const { port, taken } = await serve({
    listeners: 'INSIDE://127.0.0.1:0,OUTSIDE://127.0.0.1:0',
    'listener.security.protocol.map': 'INSIDE:PLAINTEXT,OUTSIDE:SSL',
    'inter.broker.listener.name': 'INSIDE',
  });
  expect(port).toBeGreaterThan(0);
  const free = await serve({ 'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT' });
  await free.server.close();
  const shared = await serve({
    listeners: `INSIDE://127.0.0.1:${free.port},OUTSIDE://127.0.0.1:${free.port}`,
    'listener.security.protocol.map': 'INSIDE:PLAINTEXT,OUTSIDE:SSL',
  });
  expect(shared.ports).toEqual([free.port]);
  expect(await asks(await dial(shared.port))).toBe(true);
  const plain = connect(shared.port, '127.0.0.1');
  cleanups.push(() => plain.destroy());
  const body = { clientSoftwareName: 'test', clientSoftwareVersion: '1' };
  for (const chunk of encodeRequestFrame(apis.apiVersions.request, 3, { correlationId: 1, clientId: null }, body))
    plain.write(chunk);
  await once(plain, 'data');
  expect(shared.taken.map(({ listener }) => listener)).toEqual(['OUTSIDE', 'INSIDE']);
  expect(taken).toEqual([]);
});

it('lets brokers in on their listener alone, whatever key they show', async () => {
  const { ports, tls, taken } = await serve({
    listeners: 'INSIDE://127.0.0.1:0,OUTSIDE://127.0.0.1:0',
    'listener.security.protocol.map': 'INSIDE:SSL,OUTSIDE:SSL',
    'inter.broker.listener.name': 'INSIDE',
  });
  const dialer = new NodeDialer({
    clusterKey: testClusterKey,
    frameBytesMax: 1_000,
    sendBufferBytesMax: 1_000,
    tls: tls.forPeers,
  });
  const [inside = 0, outside = 0] = ports;
  const refused = dialer.dial('127.0.0.1', outside);
  const reason = await new Promise((resolve) => {
    refused.onClose = resolve;
  });
  expect(reason).toContain('403');
  const peer = dialer.dial('127.0.0.1', inside);
  await expect.poll(() => taken.map(({ isPeer, listener }) => [isPeer, listener])).toEqual([[true, 'INSIDE']]);
  peer.close();
});

it('names a client by its certificate, and lets no other in where one is required', async () => {
  const { port, taken, away } = await serve({
    ...secured,
    'ssl.client.auth': 'required',
    'ssl.principal.mapping.rules': 'RULE:CN=(.*)/$1/U,DEFAULT',
  });
  const carol = authority.issue('carol');
  expect(await asks(await dial(port, { cert: carol.certificate, key: carol.privateKey }))).toBe(true);
  expect(taken[0]?.certifiedName).toBe('CAROL');
  const stranger = testAuthority('stranger').issue('carol');
  for (const options of [{}, { cert: stranger.certificate, key: stranger.privateKey }]) {
    const socket = await dial(port, options).catch(() => undefined);
    expect(socket === undefined || !(await asks(socket))).toBe(true);
  }
  await expect.poll(() => away.length).toBe(2);
  expect(taken).toHaveLength(1);
});

it('takes clients without a certificate, and those with a wrong one not, where one is requested', async () => {
  const { port, taken, away } = await serve({ ...secured, 'ssl.client.auth': 'requested' });
  expect(await asks(await dial(port))).toBe(true);
  expect(taken[0]?.certifiedName).toBeUndefined();
  const stranger = testAuthority('stranger').issue('carol');
  const socket = await dial(port, { cert: stranger.certificate, key: stranger.privateKey });
  expect(await asks(socket)).toBe(false);
  expect(away).toEqual(['a client certificate that is not trusted, or that no rule is about']);
});

it('speaks WebSocket over TLS to clients and to brokers, and to brokers by the key alone', async () => {
  const { port, taken, tls } = await serve(secured);
  const client = new WebSocket(`wss://127.0.0.1:${port}/kafka`, { ca: authority.certificate });
  cleanups.push(() => client.terminate());
  await once(client, 'open');
  const dialer = (clusterKey: string, isTls = true) =>
    new NodeDialer({
      clusterKey,
      frameBytesMax: 1_000,
      sendBufferBytesMax: 1_000,
      tls: isTls ? tls.forPeers : undefined,
    });
  const peer = dialer(testClusterKey).dial('127.0.0.1', port);
  await expect.poll(() => taken.map(({ isPeer }) => isPeer)).toEqual([false, true]);
  peer.close();
  for (const refused of [dialer('x'.repeat(22)), dialer(testClusterKey, false)]) {
    const connection = refused.dial('127.0.0.1', port);
    const reason = await new Promise((resolve) => {
      connection.onClose = resolve;
    });
    expect(reason).toMatch(/401|403/);
  }
  expect(taken).toHaveLength(2);
});

it('closes who opens TLS and says no more, however slowly, and counts it', async () => {
  const { port, away, server } = await serve(secured, 200);
  const silent = dialPlain(port);
  silent.socket.write(Buffer.from([0x16, 3, 1]));
  const slow = dialPlain(port);
  slow.socket.write(Buffer.from([0x16, 3, 1, 2, 0]));
  const drip = setInterval(() => slow.socket.write(Buffer.from([1])), 20);
  cleanups.push(() => clearInterval(drip));
  await Promise.all([silent.closed, slow.closed]);
  expect(away).toHaveLength(2);
  await expect.poll(() => server.connectionCount).toBe(0);
  const garbage = dialPlain(port);
  garbage.socket.write(Buffer.concat([Buffer.from([0x16]), Buffer.alloc(1_000, 0xff)]));
  await garbage.closed;
  expect(away).toHaveLength(3);
});

it('shows a new certificate when its file has changed, and keeps the old one where the new one will not do', async () => {
  const { port, tls, stores } = await serve(secured);
  const serialAt = async () => (await dial(port)).getPeerX509Certificate()?.serialNumber;
  const before = await serialAt();
  const next = authority.issue('broker');
  writeFileSync(stores.keyStore, 'no key');
  expect(tls.faultOf(new Map())).toContain('cannot read the key store');
  writeFileSync(stores.keyStore, `${next.privateKey}${next.certificate}`);
  await vi.waitFor(async () => expect(await serialAt()).not.toBe(before), { timeout: 5_000 });
  const other = authority.issue('somebody else');
  writeFileSync(stores.keyStore, `${other.privateKey}${other.certificate}`);
  expect(tls.faultOf(new Map())).toContain('DistinguishedName');
  tls.setDynamic(new Map());
  expect((await dial(port)).getPeerX509Certificate()?.subject).toBe('CN=broker');
  const allowed = new Map([['listener.name.plaintext.ssl.allow.dn.changes', 'true']]);
  tls.setDynamic(allowed);
  expect((await dial(port)).getPeerX509Certificate()?.subject).toBe('CN=somebody else');
});
