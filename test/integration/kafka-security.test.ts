import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import type { KafkaConnectionSettings } from '../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import type { TestCertificates } from '../../engine/kafka/testing/test-certificates.ts';
import { makeCertificates, whyNoCertificates } from '../../engine/kafka/testing/test-certificates.ts';
import { whyNoApacheKafka } from '../kit/apache-kafka.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import type { SecureKafka } from '../kit/secure-kafka.ts';
import { secureUser, sessionMs, startSecureKafka } from '../kit/secure-kafka.ts';
import { until } from '../kit/until.ts';

const whyNot = whyNoApacheKafka() ?? whyNoCertificates();

/** A token that says who one is and proves nothing: what Kafka's own test validator takes. */
function unsecuredToken(): string {
  const now = Math.floor(Date.now() / 1_000);
  const part = (data: unknown) => Buffer.from(JSON.stringify(data)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: secureUser.username, iat: now, exp: now + 3_600 })}.`;
}

describe.skipIf(whyNot)(`Kafka client on a secured Apache Kafka${whyNot ? ` (skipped: ${whyNot})` : ''}`, () => {
  let certificates: TestCertificates;
  let kafka: SecureKafka;

  beforeAll(async () => {
    certificates = makeCertificates();
    kafka = await startSecureKafka(certificates);
  });
  afterAll(() => kafka?.stop());

  /** The outcome of a first call: undefined, or its error; and how long it took. */
  async function tryOut(settings: Partial<KafkaConnectionSettings> & { bootstrapServers: string }) {
    const started = performance.now();
    const admin = new KafkaAdmin(testConnection(settings));
    const error = await admin.describeCluster().then(
      () => undefined,
      (thrown) => thrown as { code: string; message: string; retriable: boolean },
    );
    await admin.close();
    return { error, tookMs: performance.now() - started };
  }

  it.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)(
    'logs in with %s, with TLS and without',
    async (mechanism) => {
      const sasl = { mechanism, ...secureUser };
      const tls = { ca: certificates.ca };
      expect((await tryOut({ bootstrapServers: kafka.saslTls, sasl, tls })).error).toBeUndefined();
      expect((await tryOut({ bootstrapServers: kafka.saslPlaintext, sasl })).error).toBeUndefined();
    },
  );

  it('logs in with a token', async () => {
    const sasl = { mechanism: 'OAUTHBEARER', token: unsecuredToken } as const;
    expect((await tryOut({ bootstrapServers: kafka.saslPlaintext, sasl })).error).toBeUndefined();
    const wrong = { mechanism: 'OAUTHBEARER', token: () => 'not-a-token' } as const;
    const { error } = await tryOut({ bootstrapServers: kafka.saslPlaintext, sasl: wrong });
    expect(error).toMatchObject({ code: 'KAFKA_AUTHENTICATION_FAILED', retriable: false });
  });

  it.each(['PLAIN', 'SCRAM-SHA-256'] as const)('names a wrong password at once, %s', async (mechanism) => {
    const sasl = { mechanism, username: secureUser.username, password: 'wrong' };
    const { error, tookMs } = await tryOut({ bootstrapServers: kafka.saslPlaintext, sasl });
    expect(error).toMatchObject({ code: 'KAFKA_AUTHENTICATION_FAILED', retriable: false });
    expect(tookMs).toBeLessThan(3_000);
  });

  it('shows its certificate, and says when one is wanted that it does not have', async () => {
    const { ca, client } = certificates;
    const tls = { ca, certificate: client.certificate, privateKey: client.key };
    expect((await tryOut({ bootstrapServers: kafka.mutualTls, tls })).error).toBeUndefined();
    const { error, tookMs } = await tryOut({ bootstrapServers: kafka.mutualTls, tls: { ca } });
    expect(error?.message).toContain('client certificate');
    expect(tookMs).toBeLessThan(3_000);
  });

  it('goes on sending over the ends of its sessions', async () => {
    const connection = testConnection({
      bootstrapServers: kafka.saslTls,
      tls: { ca: certificates.ca },
      sasl: { mechanism: 'SCRAM-SHA-512', ...secureUser },
    });
    const admin = new KafkaAdmin(connection);
    await admin.createTopic({ name: 'sessions', partitions: 1 });
    const producer = new KafkaProducer(connection, { deliveryWaitMsMax: 20_000 });
    const started = performance.now();
    let sent = 0;
    await until('three sessions have ended', async () => {
      await producer.send({ topic: 'sessions', value: Buffer.from(`${sent++}`) });
      return performance.now() - started > 3 * sessionMs;
    });
    await producer.close();
    const { partitions } = await admin.describeTopic('sessions');
    expect(partitions[0]!.endOffset).toBe(sent);
    await admin.close();
  });
});
