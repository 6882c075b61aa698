import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pickFreePorts } from '../../../engine/broker/node/supervisor/free-ports.ts';
import { startCluster } from '../../../engine/broker/node/supervisor/start-cluster.ts';
import { KafkaAdmin } from '../../../engine/kafka/admin.ts';
import type { TestCertificates } from '../../../engine/kafka/testing/test-certificates.ts';
import { makeCertificates } from '../../../engine/kafka/testing/test-certificates.ts';
import { testConnection } from '../../kit/kafka-connections.ts';

export type Mechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'OAUTHBEARER';

/** How a client gets in. Files are PEM. */
export interface Access {
  readonly servers: string;
  readonly protocol: 'SSL' | 'SASL_SSL' | 'SASL_PLAINTEXT';
  readonly mechanism?: Mechanism;
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
  /** An OAuth 2 server that gives this token for client credentials. */
  readonly tokenUrl?: string;
  readonly caFile?: string;
  /** Certificate and key of the client. */
  readonly certificateFile?: string;
  readonly keyFile?: string;
}

/** The user of most rounds, by every mechanism; may do everything. */
export const ann = { username: 'ann', password: 'p4ss-word' } as const;
/** May do nothing. */
export const eve = { username: 'eve', password: 'eves-word' } as const;

export interface SecuredBroker {
  readonly certificates: TestCertificates;
  readonly folder: string;
  /** Access over TLS or without, as ann. */
  login(mechanism: Mechanism, isTls: boolean): Access;
  /** With a certificate of the client, as whom it names. */
  readonly mutual: Access;
  readonly expiredToken: Access;
  readonly foreignCa: Access;
  stop(): Promise<void>;
}

const hour = 3_600;

/** One broker with every way in: SASL with TLS and without on one port, client certificates on another, and a server of tokens. */
export async function startSecuredBroker(): Promise<SecuredBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-security-'));
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const certificates = makeCertificates();
  const { ca, server, client, otherCa } = certificates;
  const caFile = file('ca.pem', ca);
  const keyFile = file('server.pem', `${server.key}${server.certificate}`);
  const tokens = await startTokenServer(file);
  const [mutualPort = 0] = await pickFreePorts('127.0.0.1', 1);
  const jaas = [ann, eve].map(({ username, password }) => `user_${username}="${password}"`).join(' ');
  const plain = (listener: string) => ({
    [`listener.name.${listener}.plain.sasl.jaas.config`]: `PlainLoginModule required ${jaas};`,
  });
  const cluster = await startCluster({
    brokers: 1,
    dataFolder: join(folder, 'cluster'),
    addScram: (['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const).map((mechanism) => ({
      mechanism,
      name: ann.username,
      password: ann.password,
    })),
    settings: {
      listeners: `CLEAR://127.0.0.1:0,SAFE://127.0.0.1:0,MUTUAL://127.0.0.1:${mutualPort}`,
      'listener.security.protocol.map': 'CLEAR:SASL_PLAINTEXT,SAFE:SASL_SSL,MUTUAL:SSL',
      'inter.broker.listener.name': 'CLEAR',
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
      ...plain('clear'),
      ...plain('safe'),
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': keyFile,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': caFile,
      'listener.name.mutual.ssl.client.auth': 'required',
      'listener.name.mutual.ssl.principal.mapping.rules': 'RULE:CN=(.*)/$1/,DEFAULT',
      'sasl.oauthbearer.jwks.endpoint.url': `file://${tokens.keysFile}`,
      'sasl.oauthbearer.expected.audience': 'kafka',
      'sasl.oauthbearer.expected.issuer': 'https://issuer.test',
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ann;User:client',
    },
  });
  await cluster.ready();
  const servers = cluster.status().bootstrapServers;
  const login = (mechanism: Mechanism, isTls: boolean): Access => ({
    servers,
    protocol: isTls ? 'SASL_SSL' : 'SASL_PLAINTEXT',
    mechanism,
    ...(isTls && { caFile }),
    ...(mechanism === 'OAUTHBEARER' ? { token: tokens.good, tokenUrl: `${tokens.url}/good` } : ann),
  });
  await waitForAdmin(servers);
  return {
    certificates,
    folder,
    login,
    mutual: {
      servers: `127.0.0.1:${mutualPort}`,
      protocol: 'SSL',
      caFile,
      certificateFile: file('client.pem', client.certificate),
      keyFile: file('client.key', client.key),
    },
    expiredToken: { ...login('OAUTHBEARER', false), token: tokens.expired, tokenUrl: `${tokens.url}/expired` },
    foreignCa: { ...login('PLAIN', true), caFile: file('other.pem', otherCa) },
    stop: async () => {
      await cluster.stop();
      await tokens.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The coordinators' topic is there before the first client, whose patience may be short. */
async function waitForAdmin(bootstrapServers: string): Promise<void> {
  const admin = new KafkaAdmin(testConnection({ bootstrapServers, sasl: { mechanism: 'PLAIN', ...ann } }));
  await admin.createTopic({ name: 'first', partitions: 1 });
  await admin.close();
}

/** Signs tokens with a key whose public half lies in a file, and gives them out as an OAuth 2 server does. */
async function startTokenServer(file: (name: string, text: string) => string) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const kid = createHmac('sha256', 'kid').digest('hex').slice(0, 8);
  const keysFile = file(
    'keys.json',
    JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] }),
  );
  const part = (data: unknown) => Buffer.from(JSON.stringify(data)).toString('base64url');
  const token = (issuedSeconds: number) => {
    const iat = Math.floor(Date.now() / 1_000) + issuedSeconds;
    const claims = {
      sub: ann.username,
      iss: 'https://issuer.test',
      aud: 'kafka',
      iat,
      exp: iat + hour,
      scope: 'kafka',
    };
    const signed = `${part({ alg: 'RS256', kid, typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
  };
  const [good, expired] = [token(0), token(-2 * hour)];
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' });
    const access_token = request.url?.startsWith('/good') ? good : expired;
    response.end(JSON.stringify({ access_token, token_type: 'Bearer', expires_in: hour, scope: 'kafka' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    keysFile,
    good,
    expired,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
