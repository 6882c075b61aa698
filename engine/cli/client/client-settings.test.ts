import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseProperties } from '../../base/properties-file.ts';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import type { TestCertificates } from '../../kafka/testing/test-certificates.ts';
import { makeCertificates, whyNoCertificates } from '../../kafka/testing/test-certificates.ts';
import { clientSettingsFrom } from './client-settings.ts';
import { givenProperties, withSecrets } from './given-properties.ts';

const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule';

/** The settings of a text in the form of a properties file. */
function settings(text: string) {
  const pairs = parseProperties(text).map(({ name, value }) => [name, value] as const);
  const { values, warnings } = givenProperties(pairs, 'client.properties', '/work');
  return { ...clientSettingsFrom(values, new ManualClock()), warnings };
}

describe('properties of a client', () => {
  it("are one thing by Java's names and by librdkafka's", () => {
    const java = settings(`bootstrap.servers=a:1,b:2
      security.protocol=SASL_PLAINTEXT
      sasl.mechanism=SCRAM-SHA-512
      sasl.jaas.config=${scram} required \\
        username="ann \\\\"x" password='p;=w';
      request.timeout.ms=5000
      acks=1
      compression.type=lz4
      isolation.level=read_uncommitted`);
    const librdkafka = settings(`metadata.broker.list=a:1,b:2
      security.protocol=sasl_plaintext
      sasl.mechanisms=SCRAM-SHA-512
      sasl.username=ann "x
      sasl.password=p;=w
      socket.timeout.ms=5000
      request.required.acks=1
      compression.codec=lz4
      isolation.level=read_uncommitted`);
    expect(librdkafka).toEqual(java);
    expect(java).toMatchObject({
      bootstrapServers: 'a:1,b:2',
      security: { sasl: { mechanism: 'SCRAM-SHA-512', username: 'ann "x', password: 'p;=w' }, tls: undefined },
      timing: { requestTimeoutMs: 5_000 },
      producer: { acks: 1, compression: 'lz4', idempotent: false },
      fetch: { isolation: 'read_uncommitted' },
      summary: 'SASL_PLAINTEXT with SCRAM-SHA-512 as ann "x',
      warnings: [],
    });
  });

  it('are warned of where nothing here has a use for them, with what was most likely meant', () => {
    expect(settings('sasl.mechnism=PLAIN\nkey.serializer=x\nssl.truststore.locaton=y\nzzz=1').warnings).toEqual([
      'client.properties: expected a property of Kafka\'s clients, found "sasl.mechnism"; did you mean "sasl.mechanism"?',
      'client.properties: key.serializer has no effect here',
      'client.properties: expected a property of Kafka\'s clients, found "ssl.truststore.locaton"; did you mean "ssl.truststore.location"?',
      'client.properties: expected a property of Kafka\'s clients, found "zzz"',
    ]);
  });

  it.each([
    [
      'security.protocol=TLS',
      'expected one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL for security.protocol, found "TLS"',
    ],
    ['security.protocol=SASL_SSL', "for sasl.mechanism, found none (Java's default, GSSAPI, is not served)"],
    ['security.protocol=SASL_SSL\nsasl.mechanism=GSSAPI', 'found "GSSAPI"'],
    ['security.protocol=SASL_SSL\nsasl.mechanism=PLAIN', 'no sasl.jaas.config has it for sasl.username, found none'],
    [
      `security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=${scram} required username=a password=secret7;`,
      'expected PlainLoginModule, as sasl.mechanism is PLAIN for sasl.jaas.config, found ScramLoginModule',
    ],
    [
      `security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-256\nsasl.jaas.config=${scram} required username="a" password="secret7"`,
      'no semicolon at its end',
    ],
    [
      `security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-256\nsasl.jaas.config=${scram} required username="a" password="secret7;`,
      'a quote that does not end',
    ],
    ['request.timeout.ms=5s', 'expected a whole number from 1 to 2147483647 for request.timeout.ms, found "5s"'],
    [
      'security.protocol=SSL\nssl.truststore.location=none.pem',
      'ssl.truststore.location: could not read /work/none.pem',
    ],
  ])('say what was expected: %s', (text, message) => {
    let said = '';
    try {
      settings(text);
    } catch (error) {
      said = String(error);
    }
    expect(said).toContain(message);
    expect(said).not.toContain('secret7');
  });

  it('take secrets from the environment', () => {
    const reference = '$' + '{secret:PW}';
    const values = new Map([['sasl.password', `a${reference}b`]]);
    expect(withSecrets(values, { MILLRACE_SECRET_PW: 'x$1' }).get('sasl.password')).toBe('ax$1b');
    expect(() => withSecrets(values, {})).toThrow('MILLRACE_SECRET_PW');
  });

  it('make the unsecured token that a broker without a token server takes', async () => {
    const { sasl } = settings(`security.protocol=SASL_PLAINTEXT
      sasl.mechanism=OAUTHBEARER
      sasl.jaas.config=x.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="ann" extension_a="1";`).security;
    if (sasl?.mechanism !== 'OAUTHBEARER') throw new Error('expected a token');
    const [head, claims] = (await sasl.token()).split('.').map((part) => Buffer.from(part, 'base64url').toString());
    expect(JSON.parse(head ?? '')).toEqual({ alg: 'none' });
    expect(JSON.parse(claims ?? '')).toMatchObject({ sub: 'ann' });
    expect(sasl.extensions).toEqual({ a: '1' });
  });
});

describe.skipIf(whyNoCertificates() !== undefined)('TLS of a client (needs openssl)', () => {
  let certificates: TestCertificates;
  const folder = mkdtempSync(join(tmpdir(), 'client-tls-'));
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  beforeAll(() => {
    certificates = makeCertificates();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('comes from PEM files, from one PEM key store and from PEM in the properties alike', () => {
    const { ca, client } = certificates;
    const files = settings(`security.protocol=SSL
      ssl.ca.location=${write('ca.pem', ca)}
      ssl.certificate.location=${write('client.pem', client.certificate)}
      ssl.key.location=${write('client.key', client.key)}`).security.tls;
    expect(files).toMatchObject({ ca, certificate: client.certificate, privateKey: client.key });
    const store = `${client.key}${client.certificate}`;
    const java = settings(`security.protocol=SSL
      ssl.truststore.type=PEM
      ssl.truststore.location=${write('ca.pem', ca)}
      ssl.keystore.type=PEM
      ssl.keystore.location=${write('client-store.pem', store)}`).security.tls;
    expect(java).toEqual({ ca, certificate: store, privateKey: store });
    const escaped = (pem: string) => pem.replaceAll('\n', '\\\\n');
    const inline = settings(`security.protocol=SSL
      ssl.truststore.certificates=${escaped(ca)}
      ssl.keystore.certificate.chain=${escaped(client.certificate)}
      ssl.keystore.key=${escaped(client.key)}`).security.tls;
    expect(inline).toEqual({ ca, certificate: client.certificate, privateKey: client.key });
  });

  it('checks what it is told to check', () => {
    const of = (text: string) => settings(`security.protocol=SSL\n${text}`).security.tls?.checks;
    expect(of('')).toBeUndefined();
    expect(of('ssl.endpoint.identification.algorithm=https')).toBeUndefined();
    expect(of('ssl.endpoint.identification.algorithm=')).toBe('signature');
    expect(of('ssl.endpoint.identification.algorithm=none')).toBe('signature');
    expect(of('enable.ssl.certificate.verification=false')).toBe('nothing');
  });
});
