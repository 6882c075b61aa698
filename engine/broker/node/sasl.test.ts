import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
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
import type { TokenKeys } from './sasl-logins.ts';
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

  constructor(settings: Readonly<Record<string, string>> = {}, tokenKeys?: TokenKeys) {
    const config = configWith(settings);
    const { clock } = this;
    const newLogin = saslLogins({ config, clock, random: new SeededRandom(1), credentials: () => nobody, tokenKeys });
    testDispatch({ clock, newLogin, services: { clock, settings: config.settings } }).serve(this.connection);
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

function configWith(settings: Readonly<Record<string, string>>) {
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
  });
}

/** Signs tokens with a key of its own. */
function issuer(alg: 'RS256' | 'ES256') {
  const pair =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const part = (data: unknown) => Buffer.from(JSON.stringify(data)).toString('base64url');
  const sign = (claims: object, header: object = { alg, kid: 'one' }) => {
    const signed = `${part(header)}.${part(claims)}`;
    const key = { key: pair.privateKey, dsaEncoding: 'ieee-p1363' as const };
    return `${signed}.${signBytes('sha256', Buffer.from(signed), key).toString('base64url')}`;
  };
  const keys: TokenKeys = () => (keyId) => (keyId === undefined || keyId === 'one' ? [pair.publicKey] : []);
  return { keys, sign };
}

const tokenSettings = {
  'sasl.enabled.mechanisms': 'OAUTHBEARER',
  'sasl.oauthbearer.jwks.endpoint.url': 'file:///keys.json',
  'sasl.oauthbearer.expected.audience': 'kafka-aud,other',
  'sasl.oauthbearer.expected.issuer': 'https://issuer.test',
};
/** The clock of these tests begins here, in seconds. */
const startS = 1_700_000_000;
const claims = { sub: 'oscar', iat: startS, exp: startS + 60, aud: ['kafka-aud'], iss: 'https://issuer.test' };
const bearer = (token: string, authorizationId = '') =>
  `n,${authorizationId && `a=${authorizationId}`},\u0001auth=Bearer ${token}\u0001\u0001`;

test.each(['RS256', 'ES256'] as const)('a token that holds lets its user in for as long, %s', async (alg) => {
  const { keys, sign } = issuer(alg);
  const client = new Client({ ...tokenSettings, 'connections.max.reauth.ms': '8000' }, keys);
  await client.handshake('OAUTHBEARER');
  expect(await client.token(bearer(sign(claims)))).toEqual(['NONE', '', 8_000]);
  const short = new Client(tokenSettings, keys);
  await short.handshake('OAUTHBEARER');
  expect(await short.token(bearer(sign({ ...claims, exp: startS + 5 }, { alg })))).toEqual(['NONE', '', 5_000]);
  short.clock.advance(5_001);
  expect(await short.metadata()).toBeUndefined();
  expect(short.isClosed).toBe(true);
});

test.each<[string, object, object?]>([
  ['that has expired', { exp: startS - 31, iat: startS - 60 }],
  ['for somebody else', { aud: 'elsewhere' }],
  ['of another issuer', { iss: 'https://elsewhere' }],
  ['that names nobody', { sub: undefined }],
  ['without an end', { exp: undefined }],
  ['without a beginning', { iat: undefined }],
  ['that does not hold yet', { nbf: startS + 31 }],
  ['of an unknown key', {}, { alg: 'RS256', kid: 'two' }],
  ['that nobody has signed', {}, { alg: 'none' }],
  ['with a header that asks for more', {}, { alg: 'RS256', kid: 'one', crit: ['b64'] }],
  ['signed with another kind of key', {}, { alg: 'ES256', kid: 'one' }],
])("a token %s is refused in Kafka's steps", async (_, changes, header) => {
  const { keys, sign } = issuer('RS256');
  const client = new Client(tokenSettings, keys);
  await client.handshake('OAUTHBEARER');
  const authBytes = Buffer.from(bearer(sign({ ...claims, ...changes }, header)));
  const answer = await client.ask(apis.saslAuthenticate, { authBytes });
  expect([answer?.errorCode, answer?.authBytes.toString()]).toEqual([0, '{"status":"invalid_token"}']);
  expect(await client.token('\u0001', delayMs)).toEqual([
    'SASL_AUTHENTICATION_FAILED',
    '{"status":"invalid_token"}',
    0,
  ]);
  expect(client.isClosed).toBe(true);
});

test('a token that ran out within the clock skew gives a session that is over at once', async () => {
  const { keys, sign } = issuer('RS256');
  const client = new Client(tokenSettings, keys);
  await client.handshake('OAUTHBEARER');
  client.clock.advance(20_000);
  expect(await client.token(bearer(sign({ ...claims, exp: startS + 1 })))).toEqual(['NONE', '', 0]);
  client.clock.advance(1);
  await client.metadata();
  expect(client.isClosed).toBe(true);
});

test('a client that is no user of its token is told so', async () => {
  const { keys, sign } = issuer('RS256');
  const other = new Client(tokenSettings, keys);
  await other.handshake('OAUTHBEARER');
  expect((await other.token(bearer(sign(claims), 'paul'), delayMs))?.[1]).toBe(
    "Authentication failed: Client requested an authorization id (paul) that is different from the token's principal name (oscar)",
  );
  const garbled = new Client(tokenSettings, keys);
  await garbled.handshake('OAUTHBEARER');
  expect((await garbled.token('n,,nonsense', delayMs))?.[1]).toBe(
    'Authentication failed during authentication due to invalid credentials with SASL mechanism OAUTHBEARER',
  );
});

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
