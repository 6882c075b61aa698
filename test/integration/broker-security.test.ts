import { spawnSync } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import type { KafkaConnectionSettings } from '../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import { ClusterClient } from '../../engine/kafka/wire/cluster-client.ts';
import { apis } from '../../engine/protocol/api-keys.ts';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { until } from '../kit/until.ts';

const hasKcat = spawnSync('kcat', ['-V'], { stdio: 'ignore' }).status === 0;
const admin = { username: 'admin', password: 'admin-secret' };
const carol = { username: 'carol', password: 'carol-secret' };
/** Long enough for a kcat that is too old to prove itself again. */
const sessionMs = 3_000;
const settings = {
  'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT',
  'listener.name.plaintext.plain.sasl.jaas.config': `PlainLoginModule required user_admin="${admin.password}";`,
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:admin',
  'connections.max.reauth.ms': sessionMs,
};

/** Three brokers that ask who one is; carol may use topics of hers and no others. */
describe('brokers that ask clients who they are', () => {
  let cluster: BundledCluster;

  beforeAll(async () => {
    cluster = await startBundledCluster(3, settings);
    const client = new ClusterClient(connection('PLAIN', admin));
    for (const [mechanism, hash, length] of [
      [1, 'sha256', 32],
      [2, 'sha512', 64],
    ] as const) {
      const salt = Buffer.from('a little salt');
      const saltedPassword = pbkdf2Sync(carol.password, salt, 4_096, length, hash);
      const upsertions = [{ name: carol.username, mechanism, iterations: 4_096, salt, saltedPassword }];
      const { results } = await client.requestAny(apis.alterUserScramCredentials, { deletions: [], upsertions });
      expect(results).toMatchObject([{ errorCode: 0 }]);
    }
    const { results } = await client.requestAny(apis.createAcls, { creations: ['2 4', '2 3', '2 5'].map(aclOf) });
    expect(results.map(({ errorCode }) => errorCode)).toEqual([0, 0, 0]);
    await client.close();
  });
  afterAll(() => cluster?.stop());

  /** Allows carol an operation on what begins with `carol-`. */
  function aclOf(text: string) {
    const [resourceType, operation] = text.split(' ').map(Number);
    return {
      resourceType: resourceType ?? 0,
      resourceName: 'carol-',
      resourcePatternType: 4,
      principal: 'User:carol',
      host: '127.0.0.0/8',
      operation: operation ?? 0,
      permissionType: 3,
    };
  }

  function connection(
    mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512',
    user: typeof admin,
    transport: KafkaConnectionSettings['transport'] = 'tcp',
  ) {
    return testConnection({ bootstrapServers: cluster.bootstrap, transport, sasl: { mechanism, ...user } });
  }

  it.each([
    ['SCRAM-SHA-256', 'tcp'],
    ['SCRAM-SHA-512', 'websocket'],
  ] as const)('lets our client in with %s over %s, and do what its rules allow', async (mechanism, transport) => {
    const mine = connection(mechanism, carol, transport);
    const client = new KafkaAdmin(mine);
    const topic = `carol-${transport}`;
    // The rules reach the brokers one after the other.
    await until('carol may create topics', () =>
      client.createTopic({ name: topic, partitions: 1 }).then(
        () => true,
        () => false,
      ),
    );
    await expect(client.createTopic({ name: 'other', partitions: 1 })).rejects.toThrow(/[Aa]uthoriz/);
    const producer = new KafkaProducer(mine);
    await until('carol may write', () =>
      producer.send({ topic, value: Buffer.from('mine') }).then(
        () => true,
        () => false,
      ),
    );
    await expect(producer.send({ topic: 'other', value: Buffer.from('not mine') })).rejects.toThrow();
    await producer.close();
    await client.close();
  });

  it('tells our client that a password is wrong, at once', async () => {
    const client = new KafkaAdmin(connection('SCRAM-SHA-256', { ...carol, password: 'wrong' }));
    await expect(client.describeCluster()).rejects.toMatchObject({ code: 'KAFKA_AUTHENTICATION_FAILED' });
    await client.close();
  });

  it('has our client prove itself again and go on', async () => {
    const mine = connection('PLAIN', admin);
    const client = new KafkaAdmin(mine);
    await client.createTopic({ name: 'sessions', partitions: 1 });
    const producer = new KafkaProducer(mine, { deliveryWaitMsMax: 20_000 });
    const started = performance.now();
    let sent = 0;
    await until('two sessions have ended', async () => {
      await producer.send({ topic: 'sessions', value: Buffer.from(`${sent++}`) });
      return performance.now() - started > 2 * sessionMs;
    });
    await producer.close();
    expect((await client.describeTopic('sessions')).partitions[0]?.endOffset).toBe(sent);
    await client.close();
  });

  it.skipIf(!hasKcat)(`speaks with librdkafka${hasKcat ? '' : ' (skipped: no kcat on this machine)'}`, async () => {
    const kcat = (user: typeof admin, mechanism: string, args: readonly string[], input = '') => {
      const login = ['security.protocol=SASL_PLAINTEXT', `sasl.mechanisms=${mechanism}`];
      const who = [`sasl.username=${user.username}`, `sasl.password=${user.password}`];
      const options = [...login, ...who].flatMap((option) => ['-X', option]);
      const result = spawnSync('kcat', ['-b', cluster.bootstrap, ...options, ...args], {
        input,
        encoding: 'utf8',
        timeout: 20_000,
      });
      return `${result.stdout}${result.stderr}`;
    };
    for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512']) {
      const topic = `carol-kcat-${mechanism}`;
      kcat(carol, mechanism, ['-P', '-t', topic, '-X', 'acks=all'], 'from kcat\n');
      expect(kcat(carol, mechanism, ['-C', '-t', topic, '-e', '-q'])).toContain('from kcat');
    }
    expect(kcat(admin, 'PLAIN', ['-L'])).toContain('topic "carol-kcat-SCRAM-SHA-256"');
    expect(kcat(carol, 'SCRAM-SHA-256', ['-P', '-t', 'sessions'], 'x\n')).toContain('Topic authorization failed');
    expect(kcat({ ...admin, password: 'wrong' }, 'PLAIN', ['-L', '-m', '2'])).toContain(
      'Authentication failed: Invalid username or password',
    );
  });
});
