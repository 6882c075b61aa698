import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterHandle } from '../../engine/broker/node/supervisor/cluster-handle.ts';
import { clusterAccessOf } from '../../engine/broker/node/supervisor/secure/client-files.ts';
import { securityFiles } from '../../engine/broker/node/supervisor/secure/security-folder.ts';
import { startCluster } from '../../engine/broker/node/supervisor/start-cluster.ts';
import { issueCertificate } from '../../engine/broker/security/certificates/make-certificate.ts';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { clusterSecurity } from '../../engine/kafka/cluster-security.ts';
import type { KafkaConnectionSettings } from '../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import { ClusterClient } from '../../engine/kafka/wire/cluster-client.ts';
import { apis } from '../../engine/protocol/api-keys.ts';
import { testConnection } from '../kit/kafka-connections.ts';

type Settings = Partial<KafkaConnectionSettings>;

/** The outcome of a first call: the number of brokers that it told, or the code of its error. */
async function tryOut(bootstrapServers: string, settings: Settings): Promise<number | string> {
  const admin = new KafkaAdmin(testConnection({ transport: 'tcp', bootstrapServers, ...settings }));
  try {
    return (await admin.describeCluster()).brokers.length;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await admin.close();
  }
}

describe('a cluster that is made secure', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'millrace-secure-'));
  let cluster: ClusterHandle;

  const start = async (secure: boolean) => {
    cluster = await startCluster({ brokers: 3, dataFolder, secure });
    await cluster.ready();
    return cluster.status().bootstrapServers;
  };

  beforeAll(() => start(true));
  afterAll(async () => {
    await cluster?.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  const security = () => clusterSecurity(clusterAccessOf(dataFolder));

  it('lets its first user in, over TLS and over WebSockets, and is the same after another start', async () => {
    const { bootstrapServers } = cluster.status();
    await expect.poll(() => tryOut(bootstrapServers, security()), { timeout: 10_000 }).toBe(3);
    const connection = testConnection({ transport: 'websocket', bootstrapServers, ...security() });
    const maker = new KafkaAdmin(connection);
    await maker.createTopic({ name: 'kept', partitions: 1 });
    await maker.close();
    const producer = new KafkaProducer(connection);
    await producer.send({ topic: 'kept', value: Buffer.from('secret') });
    await producer.close();
    await cluster.stop();
    const again = await start(false);
    await expect.poll(() => tryOut(again, { transport: 'websocket', ...security() }), { timeout: 10_000 }).toBe(3);
    const admin = new KafkaAdmin(testConnection({ transport: 'tcp', bootstrapServers: again, ...security() }));
    expect((await admin.describeTopic('kept')).partitions[0]?.endOffset).toBe(1);
    await admin.close();
  });

  it('lets nobody else in, and says why', async () => {
    const { bootstrapServers } = cluster.status();
    const { tls, sasl } = security();
    const wrong = sasl && { ...sasl, password: 'wrong' };
    expect(await tryOut(bootstrapServers, { tls, sasl: wrong as typeof sasl })).toBe('KAFKA_AUTHENTICATION_FAILED');
    expect(await tryOut(bootstrapServers, { sasl })).not.toBe(3);
    expect(await tryOut(bootstrapServers, { tls: {}, sasl })).toBe('KAFKA_TLS_FAILED');
    expect(await tryOut(bootstrapServers, { tls })).not.toBe(3);
    const [first = ''] = bootstrapServers.split(',');
    const metrics = await fetch(`http://${first}/metrics`);
    expect(metrics.status).toBe(200);
    for (const path of ['/kafka', '/peer']) {
      const answer = await fetch(`http://${first}${path}`, { headers: { authorization: 'Bearer guessed' } });
      expect(answer.status).toBe(426);
    }
  });

  it('keeps what it wrote for its user from everybody else, and the password out of its logs', () => {
    const files = securityFiles(dataFolder);
    for (const path of [files.authorityKey, files.clientProperties, files.kcatConfig, files.brokerKeys(1)])
      expect(statSync(path).mode & 0o077).toBe(0);
    const { password = '' } = clusterAccessOf(dataFolder) ?? {};
    expect(password.length).toBeGreaterThan(20);
    for (const name of ['cluster.json', 'broker-1.log'])
      expect(readFileSync(join(dataFolder, name), 'utf8')).not.toContain(password);
  });

  it('takes another certificate while it runs, and keeps the old one where the new one will not do', async () => {
    const { bootstrapServers } = cluster.status();
    const files = securityFiles(dataFolder);
    const next = join(dataFolder, 'next.pem');
    const authority = {
      certificate: readFileSync(files.authority, 'utf8'),
      privateKey: readFileSync(files.authorityKey, 'utf8'),
    };
    const client = new ClusterClient(testConnection({ transport: 'tcp', bootstrapServers, ...security() }));
    const set = async (path: string) => {
      const name = 'listener.name.sasl_ssl.ssl.keystore.location';
      const configs = [{ name, configOperation: 0, value: path }];
      const resources = [{ resourceType: 4, resourceName: '1', configs }];
      const { responses } = await client.request(1, apis.incrementalAlterConfigs, { resources, validateOnly: false });
      return responses[0];
    };
    const [host = '', port = ''] = bootstrapServers.split(',')[0]?.split(':') ?? [];
    const serialNow = () =>
      new Promise<string | undefined>((resolve, reject) => {
        const socket = connect({ host, port: Number(port), ca: authority.certificate });
        socket.once('error', reject);
        socket.once('secureConnect', () => {
          resolve(socket.getPeerX509Certificate()?.serialNumber);
          socket.destroy();
        });
      });
    const certificateOf = (name: string, serial: number) => {
      const validity = { validFromMs: Date.now() - 60_000, validToMs: Date.now() + 86_400_000 };
      const hosts = ['localhost', hostname(), '127.0.0.1', '::1'];
      const made = issueCertificate(authority, { name, hosts, serial: Buffer.alloc(8, serial), ...validity });
      return made.privateKey + made.certificate;
    };
    const before = await serialNow();
    expect((await set('/nowhere.pem'))?.errorMessage).toContain('cannot read the key store');
    writeFileSync(next, certificateOf('somebody-else', 1));
    expect((await set(next))?.errorMessage).toContain('DistinguishedName does not match');
    expect(await serialNow()).toBe(before);
    writeFileSync(next, certificateOf('broker-1', 2));
    expect((await set(next))?.errorCode).toBe(0);
    await expect.poll(serialNow, { timeout: 5_000 }).not.toBe(before);
    await client.close();
  });

  it('cannot be made secure later, and takes its first users at the beginning', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-secure-'));
    const bob = { name: 'bob', password: 'bobs', mechanism: 'SCRAM-SHA-256' } as const;
    const settings = { 'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT' };
    const open = { brokers: 1, dataFolder: folder, settings };
    const other = await startCluster({ ...open, addScram: [bob] });
    try {
      await other.ready();
      const { bootstrapServers } = other.status();
      const sasl = { mechanism: 'SCRAM-SHA-256', username: 'bob', password: 'bobs' } as const;
      expect(await tryOut(bootstrapServers, { sasl })).toBe(1);
    } finally {
      await other.stop();
    }
    await expect(startCluster({ ...open, secure: true })).rejects.toMatchObject({ code: 'CLUSTER_SHAPE_CHANGED' });
    await expect(startCluster({ ...open, addScram: [bob] })).rejects.toMatchObject({ code: 'CLUSTER_SHAPE_CHANGED' });
    rmSync(folder, { recursive: true, force: true });
  });
});

it('serves several listeners, and tells each client of those that it came in on', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'millrace-listeners-'));
  const cluster = await startCluster({
    brokers: 3,
    dataFolder,
    secure: true,
    settings: {
      listeners: 'INSIDE://127.0.0.1:0,OUTSIDE://127.0.0.1:0,FAR://127.0.0.1:29471',
      'advertised.listeners': 'FAR://127.0.0.1:29471',
      'listener.security.protocol.map': 'INSIDE:PLAINTEXT,OUTSIDE:SASL_SSL,FAR:SASL_PLAINTEXT',
      'inter.broker.listener.name': 'OUTSIDE',
    },
  });
  try {
    await cluster.ready();
    const own = cluster.status().bootstrapServers;
    const { tls, sasl } = clusterSecurity(clusterAccessOf(dataFolder));
    const addresses = async (bootstrapServers: string, settings: Settings) => {
      const admin = new KafkaAdmin(testConnection({ transport: 'tcp', bootstrapServers, ...settings }));
      const { brokers } = await admin.describeCluster();
      await admin.close();
      return brokers.map(({ address }) => address).join(',');
    };
    // Each broker hears of the others in its own time.
    await expect.poll(() => addresses(own, {}), { timeout: 10_000 }).toBe(own);
    await expect.poll(() => addresses(own, { tls, sasl }), { timeout: 10_000 }).toBe(own);
    const far = [29_471, 29_472, 29_473].map((port) => `127.0.0.1:${port}`).join(',');
    await expect.poll(() => addresses(far, { sasl }), { timeout: 10_000 }).toBe(far);
  } finally {
    await cluster.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  }
});
