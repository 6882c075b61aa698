import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { makeCertificates, whyNoCertificates } from '../../../engine/kafka/testing/test-certificates.ts';
import type { TokenSettings } from '../../../engine/kafka/wire/sasl/sasl-settings.ts';
import { isFieldVisible } from '../../../engine/model/activity-catalog.ts';
import { testConfig, testRuntimeHost } from '../../../test/kit/runtime-host.ts';
import declaration from './activity.ts';
import { runtime } from './runtime.ts';

async function open(raw: Record<string, string>): Promise<KafkaConnection> {
  const host = testRuntimeHost({ name: 'Orders' });
  const { value } = await runtime.open(testConfig(declaration, raw), host);
  return value as KafkaConnection;
}

describe('Kafka Connection', () => {
  it('goes to the bundled cluster of the run over WebSockets', async () => {
    const { settings, target } = await open({});
    expect(settings).toMatchObject({ transport: 'websocket', bootstrapServers: '127.0.0.1:9092' });
    expect(target).toBe('Kafka Connection "Orders" (127.0.0.1:9092)');
  });

  it.skipIf(whyNoCertificates() !== undefined)('logs in to a bundled cluster that is secured by itself', async () => {
    const { ca } = makeCertificates();
    const access = { ca, mechanism: 'SCRAM-SHA-512', username: 'admin', password: 'made' } as const;
    const host = testRuntimeHost({ name: 'Orders', clusterAccess: () => access });
    const { value } = await runtime.open(testConfig(declaration, {}), host);
    const { settings } = value as KafkaConnection;
    const sasl = { mechanism: 'SCRAM-SHA-512', username: 'admin', password: 'made' };
    expect(settings).toMatchObject({ transport: 'websocket', tls: { ca }, sasl });
  });

  it('goes to servers over TCP, with TLS and a user where asked for', async () => {
    const { settings } = await open({
      cluster: 'servers',
      bootstrapServers: 'a:1,[::1]:2',
      securityProtocol: 'SASL_SSL',
      saslMechanism: 'SCRAM-SHA-256',
      username: 'ann',
      password: 'pass',
    });
    expect(settings).toMatchObject({
      transport: 'tcp',
      tls: {},
      sasl: { mechanism: 'SCRAM-SHA-256', username: 'ann', password: 'pass' },
    });
  });

  it('asks a token server where the mechanism is OAUTHBEARER', async () => {
    const server = createServer((request, response) => {
      const isOurs = request.headers.authorization === `Basic ${Buffer.from('app:s3').toString('base64')}`;
      response.writeHead(isOurs ? 200 : 401).end(JSON.stringify({ access_token: 'the-token', expires_in: 60 }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    const login = { securityProtocol: 'SASL_SSL', saslMechanism: 'OAUTHBEARER', tokenUrl, tokenClientId: 'app' };
    const { settings } = await open({
      cluster: 'servers',
      bootstrapServers: 'a',
      ...login,
      tokenClientSecret: 's3',
    });
    expect(await (settings.sasl as TokenSettings).token()).toBe('the-token');
    server.close();
  });

  it('asks for what the chosen login needs, and for nothing else', () => {
    const shown = (config: Record<string, string>) =>
      ['username', 'password', 'tokenUrl', 'tokenClientSecret', 'caFile'].filter((name) =>
        isFieldVisible(declaration.config, name, { cluster: 'servers', ...config }),
      );
    expect(shown({})).toEqual([]);
    expect(shown({ securityProtocol: 'SASL_SSL' })).toEqual(['username', 'password', 'caFile']);
    expect(shown({ securityProtocol: 'SASL_PLAINTEXT', saslMechanism: 'OAUTHBEARER' })).toEqual([
      'tokenUrl',
      'tokenClientSecret',
    ]);
    // What was chosen for servers stays in the file when the bundled cluster is chosen.
    expect(shown({ cluster: 'bundled', securityProtocol: 'SASL_SSL', saslMechanism: 'OAUTHBEARER' })).toEqual([]);
  });

  it('reads the files of the client certificate', async () => {
    const files = { caFile: 'no/such.pem', certificateFile: 'package.json', keyFile: 'package.json' };
    const tls = { cluster: 'servers', bootstrapServers: 'a', securityProtocol: 'SSL' };
    await expect(open({ ...tls, ...files })).rejects.toThrow('CA certificates: could not read no/such.pem');
    await expect(open({ ...tls, certificateFile: 'no/such.pem' })).rejects.toThrow(
      'Client certificate: could not read',
    );
    await expect(open({ ...tls, keyFile: 'no/such.key' })).rejects.toThrow('Client key: could not read no/such.key');
  });

  it.skipIf(whyNoCertificates() !== undefined)(
    'takes the client certificate from where it is (needs openssl)',
    async () => {
      const { ca, client } = makeCertificates();
      const folder = mkdtempSync(join(tmpdir(), 'connection-'));
      const at = (name: string) => join(folder, name);
      try {
        writeFileSync(at('ca.pem'), ca);
        writeFileSync(at('client.pem'), client.certificate);
        writeFileSync(at('client.key'), client.key);
        const store = ['-export', '-in', at('client.pem'), '-inkey', at('client.key'), '-passout', 'pass:s3', '-out'];
        execFileSync('openssl', ['pkcs12', ...store, at('client.p12')]);
        const tls = { cluster: 'servers', bootstrapServers: 'a', securityProtocol: 'SSL', caFile: at('ca.pem') };
        const pem = { certificate: client.certificate, privateKey: client.key };
        const files = { certificateFile: at('client.pem'), keyFile: at('client.key') };
        expect((await open({ ...tls, ...files })).settings.tls).toEqual({ ca, ...pem });
        const secrets = { clientCertificate: 'secrets', certificatePem: client.certificate, keyPem: client.key };
        expect((await open({ ...tls, ...files, ...secrets })).settings.tls).toEqual({ ca, ...pem });
        const pkcs12 = { clientCertificate: 'pkcs12', keyStoreFile: at('client.p12'), keyPassword: 's3' };
        expect((await open({ ...tls, ...files, ...pkcs12 })).settings.tls).toEqual({
          ca,
          keyStore: readFileSync(at('client.p12')),
          passphrase: 's3',
        });
        const refusal = {
          code: 'KAFKA_BAD_CERTIFICATE',
          message: expect.stringContaining('the password does not open'),
        };
        await expect(open({ ...tls, ...pkcs12, keyPassword: 'x' })).rejects.toMatchObject(refusal);
        const foreign = { ...secrets, keyPem: makeCertificates().client.key };
        await expect(open({ ...tls, ...foreign })).rejects.toThrow('the client key belongs to another certificate');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );

  it('declares help for every code that opening it fails with', () => {
    const declared = declaration.faults.map(({ code }) => code);
    for (const code of ['KAFKA_BAD_CERTIFICATE', 'FILE_READ_FAILED', 'KAFKA_BAD_ADDRESS'])
      expect(declared).toContain(code);
  });

  it.each([
    [{ cluster: 'servers', bootstrapServers: 'a:99999' }, 'KAFKA_BAD_ADDRESS'],
    [{ cluster: 'servers', bootstrapServers: 'a', securityProtocol: 'SSL', caFile: 'no/such.pem' }, 'FILE_READ_FAILED'],
  ])('refuses %j', async (raw, code) => {
    await expect(open(raw)).rejects.toMatchObject({ code });
  });
});
