import { expect, test } from 'vitest';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import type { Api } from '../../protocol/api-keys.ts';
import { apis } from '../../protocol/api-keys.ts';
import { errorName } from '../../protocol/error-codes.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../protocol/schema.ts';
import { MemoryConnection } from '../api/testing/memory-connection.ts';
import type { ScramImage } from '../controller/scram/scram-image.ts';
import { brokerConfigFrom } from './config/broker-config.ts';
import { saslLogins } from './sasl-logins.ts';
import { testConfig } from './testing/test-config.ts';
import { testDispatch } from './testing/test-dispatch.ts';

const jaas = 'Module required user_alice="secret" user_bob="b";';
const nobody: ScramImage = new Map();
const delayMs = 100;

/** A client on a listener that asks who it is. */
class Client {
  readonly clock = new ManualClock();
  readonly connection = new MemoryConnection();

  constructor(settings: Readonly<Record<string, string>> = {}) {
    const newLogin = saslLogins(settingsWith(settings), new SeededRandom(1), () => nobody);
    testDispatch({
      clock: this.clock,
      newLogin,
      services: { clock: this.clock, settings: settingsWith(settings) },
    }).serve(this.connection);
  }

  /** Sends a request; the answer, if one comes within the time. */
  async ask<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    body: MessageInput<Req>,
    version = api.versionMax,
    waitMs = 0,
  ): Promise<MessageOf<Res> | undefined> {
    const before = this.connection.sent.length;
    this.connection.request(api.request, version, body);
    this.clock.advance(waitMs);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    return this.connection.sent.length > before ? this.connection.response(api, version).body : undefined;
  }

  async handshake(mechanism = 'PLAIN', version = 1, waitMs = 0) {
    const answer = await this.ask(apis.saslHandshake, { mechanism }, version, waitMs);
    return answer && { error: errorName(answer.errorCode), mechanisms: answer.mechanisms };
  }

  async token(text: string, waitMs = 0, version = 2) {
    const answer = await this.ask(apis.saslAuthenticate, { authBytes: Buffer.from(text) }, version, waitMs);
    return answer && [errorName(answer.errorCode), answer.errorMessage, answer.sessionLifetimeMs];
  }

  versions(version = 4) {
    return this.ask(apis.apiVersions, { clientSoftwareName: 'test', clientSoftwareVersion: '1' }, version);
  }

  metadata(waitMs = 0) {
    return this.ask(apis.metadata, { topics: [], allowAutoTopicCreation: false }, 12, waitMs);
  }

  get isClosed(): boolean {
    return this.connection.closeReason !== undefined;
  }
}

function settingsWith(settings: Readonly<Record<string, string>>) {
  return brokerConfigFrom({
    brokerId: 1,
    clusterId: testConfig.clusterId,
    clusterKey: testConfig.clusterKey,
    dataFolder: '/data',
    listen: { host: '127.0.0.1', port: 0 },
    voters: [{ id: 1, host: '127.0.0.1', port: 9_001 }],
    settings: {
      'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT',
      'listener.name.plaintext.plain.sasl.jaas.config': jaas,
      ...settings,
    },
  }).settings;
}

const all = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];

test('a client that proves who it is may ask, and one that does not is closed at once', async () => {
  const client = new Client();
  expect((await client.versions())?.apiKeys.length).toBeGreaterThan(20);
  expect(await client.handshake()).toEqual({ error: 'NONE', mechanisms: all });
  expect(await client.token('\0alice\0secret')).toEqual(['NONE', '', 0]);
  expect((await client.metadata())?.clusterId).toBe(testConfig.clusterId);
  for (const early of ['metadata', 'token'] as const) {
    const other = new Client();
    expect(await other[early]('' as never)).toBeUndefined();
    expect(other.isClosed).toBe(true);
  }
});

test('ApiVersions comes once, not counting a version that is unknown', async () => {
  const client = new Client();
  await client.versions();
  await client.versions();
  expect(client.isClosed).toBe(true);
});

test.each([
  ['\0alice\0wrong', 'Authentication failed: Invalid username or password'],
  ['\0alice\0', 'Authentication failed: password not specified'],
])('a failed login %j is told late, and the connection closes', async (text, message) => {
  const client = new Client();
  await client.handshake();
  expect(await client.token(text, delayMs - 1)).toBeUndefined();
  expect(await client.metadata()).toBeUndefined();
  expect(client.isClosed).toBe(false);
  client.clock.advance(1);
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  expect(client.connection.response(apis.saslAuthenticate, 2).body).toMatchObject({
    errorCode: 58,
    errorMessage: message,
  });
  expect(client.isClosed).toBe(true);
});

test('a mechanism that is not offered is told late, with those that are', async () => {
  const client = new Client({ 'sasl.enabled.mechanisms': 'SCRAM-SHA-512' });
  expect(await client.handshake('PLAIN', 1, delayMs)).toEqual({
    error: 'UNSUPPORTED_SASL_MECHANISM',
    mechanisms: ['SCRAM-SHA-512'],
  });
  expect(client.isClosed).toBe(true);
});

test.each([
  [
    'another handshake',
    (client: Client) => client.handshake('PLAIN', 1, delayMs),
    { error: 'ILLEGAL_SASL_STATE', mechanisms: [] },
  ],
  ['Metadata', (client: Client) => client.metadata(delayMs), { brokers: [], topics: [] }],
])('after the handshake %s gets an empty answer, late, and the end', async (_name, ask, answer) => {
  const client = new Client();
  await client.handshake();
  expect(await ask(client)).toMatchObject(answer);
  expect(client.isClosed).toBe(true);
});

test('after a login without an end a handshake or a token is out of place, and the connection stays', async () => {
  const client = new Client();
  await client.handshake();
  await client.token('\0alice\0secret');
  expect(await client.handshake()).toEqual({ error: 'ILLEGAL_SASL_STATE', mechanisms: [] });
  expect(await client.token('\0alice\0secret')).toEqual([
    'ILLEGAL_SASL_STATE',
    'SaslAuthenticate request received after successful authentication',
    0,
  ]);
  expect(client.isClosed).toBe(false);
});

test('a large request before the login closes the connection', async () => {
  const client = new Client();
  await client.handshake();
  await client.token('x'.repeat(600_000));
  expect(client.isClosed).toBe(true);
});

test('tokens after SaslHandshake 0 come without a request around them', async () => {
  const client = new Client();
  await client.handshake('PLAIN', 0);
  client.connection.onFrame(Buffer.from('\0alice\0secret'));
  expect(client.connection.sent.at(-1)).toEqual(Buffer.alloc(0));
  expect((await client.metadata())?.clusterId).toBe(testConfig.clusterId);
  const other = new Client();
  await other.handshake('PLAIN', 0);
  other.connection.onFrame(Buffer.from('\0alice\0wrong'));
  other.clock.advance(delayMs);
  expect(other.connection.sent).toHaveLength(1);
  expect(other.isClosed).toBe(true);
});

const shortLogins = { 'connections.max.reauth.ms': '6000' };

async function loggedIn(settings = shortLogins) {
  const client = new Client(settings);
  await client.handshake();
  expect(await client.token('\0alice\0secret')).toEqual(['NONE', '', 6_000]);
  return client;
}

test('a login that has run out closes the connection at the next request', async () => {
  const client = await loggedIn();
  client.clock.advance(6_000);
  expect(await client.metadata()).toBeDefined();
  client.clock.advance(1);
  expect(await client.versions()).toBeUndefined();
  expect(client.isClosed).toBe(true);
});

test('a client that proves itself again goes on, at most once a second', async () => {
  const client = await loggedIn();
  client.clock.advance(5_000);
  expect(await client.handshake()).toMatchObject({ error: 'NONE' });
  expect(await client.token('\0alice\0secret')).toEqual(['NONE', '', 6_000]);
  expect(await client.handshake()).toMatchObject({ error: 'ILLEGAL_SASL_STATE' });
  client.clock.advance(5_000);
  expect(await client.metadata()).toBeDefined();
});

test.each([
  ['another user', 'PLAIN', '\0bob\0b', 'Cannot change principals during re-authentication from User.alice: User.bob'],
  ['a wrong password', 'PLAIN', '\0alice\0x', 'Authentication failed: Invalid username or password'],
  [
    'another mechanism',
    'SCRAM-SHA-256',
    'n,,n=carol,r=x',
    'Authentication failed during re-authentication due to invalid credentials with SASL mechanism PLAIN',
  ],
])('proving itself again as %s fails', async (_name, mechanism, text, message) => {
  const client = await loggedIn();
  await client.handshake(mechanism);
  expect(await client.token(text, delayMs)).toEqual(['SASL_AUTHENTICATION_FAILED', message, 0]);
  expect(client.isClosed).toBe(true);
});

test('while it proves itself again, anything else is out of place', async () => {
  const client = await loggedIn();
  await client.handshake();
  expect(await client.metadata(delayMs)).toMatchObject({ brokers: [], clusterId: null });
  expect(client.isClosed).toBe(true);
});

test('a listener that asks nobody answers a handshake as Kafka does', async () => {
  const client = new Client({ 'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT' });
  expect(await client.handshake()).toEqual({ error: 'ILLEGAL_SASL_STATE', mechanisms: [] });
  expect(await client.metadata()).toBeDefined();
});

test('nothing is read of a client before the broker knows who may do what', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const connection = new MemoryConnection();
  testDispatch({ untilKnown: () => promise }).serve(connection);
  const peer = new MemoryConnection(true);
  testDispatch({ untilKnown: () => promise }).serve(peer);
  expect([connection.paused, peer.paused]).toEqual([true, false]);
  resolve();
  await promise;
  expect(connection.paused).toBe(false);
});
