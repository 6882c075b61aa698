import { describe, expect, it } from 'vitest';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
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

  it('reads the files of the client certificate', async () => {
    const files = { caFile: 'no/such.pem', certificateFile: 'package.json', keyFile: 'package.json' };
    const tls = { cluster: 'servers', bootstrapServers: 'a', securityProtocol: 'SSL' };
    await expect(open({ ...tls, ...files })).rejects.toThrow('CA certificates: could not read no/such.pem');
    await expect(open({ ...tls, certificateFile: 'no/such.pem' })).rejects.toThrow(
      'Client certificate: could not read',
    );
    await expect(open({ ...tls, keyFile: 'no/such.key' })).rejects.toThrow('Client key: could not read no/such.key');
  });

  it.each([
    [{ cluster: 'servers', bootstrapServers: 'a:99999' }, 'KAFKA_BAD_ADDRESS'],
    [{ cluster: 'servers', bootstrapServers: 'a', securityProtocol: 'SSL', caFile: 'no/such.pem' }, 'FILE_READ_FAILED'],
  ])('refuses %j', async (raw, code) => {
    await expect(open(raw)).rejects.toMatchObject({ code });
  });
});
