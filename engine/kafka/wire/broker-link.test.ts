import { describe, expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { ScriptedCluster } from '../testing/scripted-cluster.ts';
import { ScriptedLogs } from '../testing/scripted-logs.ts';
import { ClusterClient } from './cluster-client.ts';

function ground(brokers = 1, settings: Parameters<ScriptedCluster['connection']>[0] = {}) {
  const cluster = new ScriptedCluster(brokers);
  const logs = new ScriptedLogs(cluster);
  const client = new ClusterClient(cluster.connection(settings));
  return { cluster, logs, client };
}

/** The outcome of a promise as text, once time has passed. */
function watch(promise: Promise<unknown>): { outcome: string } {
  const watched = { outcome: 'pending' };
  promise.then(
    () => {
      watched.outcome = 'ok';
    },
    (error) => {
      watched.outcome = error.code;
    },
  );
  return watched;
}

const plain = { mechanism: 'PLAIN', username: 'u', password: 'p' } as const;

describe('versions', () => {
  it('are the newest that both sides speak, per API', async () => {
    const { cluster, client } = ground();
    cluster.versions.set(apis.metadata.key, { min: 4, max: 9 });
    const known = client.metadata.require([], { fresh: true });
    await cluster.run(100);
    await known;
    expect(cluster.requests(apis.metadata)[0]!.version).toBe(9);
  });

  it('are asked for again in one that an older broker knows', async () => {
    const { cluster, client } = ground();
    const range = { apiKey: apis.apiVersions.key, minVersion: 0, maxVersion: 2 };
    cluster.on(apis.apiVersions, ({ version }) => (version > 2 ? { errorCode: 35, apiKeys: [range] } : undefined));
    const known = client.metadata.require([], { fresh: true });
    await cluster.run(100);
    await known;
    expect(cluster.requests(apis.apiVersions).map(({ version }) => version)).toEqual([
      apis.apiVersions.advertisedMax,
      2,
    ]);
  });

  it('that have nothing in common are said with their numbers', async () => {
    const { cluster, client } = ground();
    cluster.versions.set(apis.metadata.key, { min: 98, max: 99 });
    const failed = client.metadata.require([], { fresh: true }).catch((error) => error);
    await cluster.run(100);
    expect(await failed).toMatchObject({ code: 'KAFKA_UNSUPPORTED_VERSION' });
    expect((await failed).message).toContain('98 to 99');
  });
});

describe('login', () => {
  it('is renewed before the session ends, on the same socket, while requests wait', async () => {
    const { cluster, client } = ground(1, { sasl: plain });
    cluster.on(apis.saslHandshake, () => ({ errorCode: 0, mechanisms: ['PLAIN'] }));
    cluster.on(apis.saslAuthenticate, () => ({
      errorCode: 0,
      errorMessage: null,
      authBytes: Buffer.alloc(0),
      sessionLifetimeMs: 10_000,
    }));
    const known = client.metadata.require([], { fresh: true });
    await cluster.run(100);
    await known;
    await cluster.run(60_000);
    const logins = cluster.requests(apis.saslAuthenticate);
    expect(logins.length).toBeGreaterThanOrEqual(6);
    expect(logins[0]!.body.authBytes.toString()).toBe('\0u\0p');
    expect(cluster.requests(apis.apiVersions)).toHaveLength(1);
    const again = watch(client.metadata.require([], { fresh: true }));
    await cluster.run(100);
    expect(again.outcome).toBe('ok');
  });

  it('that is refused fails at once and is not tried with other brokers', async () => {
    const { cluster, client } = ground(3, { sasl: plain });
    cluster.on(apis.saslHandshake, () => ({ errorCode: 0, mechanisms: ['PLAIN'] }));
    const refusal = { errorCode: 58, errorMessage: 'no such user', authBytes: Buffer.alloc(0) };
    cluster.on(apis.saslAuthenticate, () => refusal);
    const failed = client.metadata.require([], { fresh: true }).catch((error) => error);
    await cluster.run(100);
    expect(await failed).toMatchObject({ code: 'KAFKA_AUTHENTICATION_FAILED', retriable: false });
    expect((await failed).message).toContain('no such user');
    expect(cluster.requests(apis.saslAuthenticate)).toHaveLength(1);
  });

  it('names the mechanisms that the broker has', async () => {
    const { cluster, client } = ground(1, { sasl: plain });
    cluster.on(apis.saslHandshake, () => ({ errorCode: 33, mechanisms: ['SCRAM-SHA-512'] }));
    const failed = client.metadata.require([], { fresh: true }).catch((error) => error);
    await cluster.run(100);
    expect(await failed).toMatchObject({ code: 'KAFKA_UNSUPPORTED_SASL_MECHANISM' });
    expect((await failed).message).toContain('SCRAM-SHA-512');
  });
});

describe('requests', () => {
  it('are held back while the broker throttles us', async () => {
    const { cluster, client } = ground();
    cluster.on(apis.listGroups, () => ({ throttleTimeMs: 5_000, errorCode: 0, groups: [] }));
    await Promise.all([client.metadata.require([], { fresh: true }), cluster.run(50)]);
    const first = watch(client.request(1, apis.listGroups, {}));
    await cluster.run(50);
    const second = watch(client.request(1, apis.listGroups, {}));
    await cluster.run(4_000);
    expect([first.outcome, second.outcome]).toEqual(['ok', 'pending']);
    await cluster.run(1_100);
    expect(second.outcome).toBe('ok');
  });

  it('without an answer in time fail with all behind them, and the next one gets a new socket', async () => {
    const { cluster, client } = ground(1, { requestTimeoutMs: 1_000 });
    await Promise.all([client.metadata.require([], { fresh: true }), cluster.run(50)]);
    let isSilent = true;
    cluster.on(apis.listGroups, () => (isSilent ? 'silence' : { errorCode: 0, groups: [] }));
    const late = [watch(client.request(1, apis.listGroups, {})), watch(client.request(1, apis.listGroups, {}))];
    await cluster.run(1_100);
    expect(late.map(({ outcome }) => outcome)).toEqual(['KAFKA_REQUEST_TIMED_OUT', 'KAFKA_REQUEST_TIMED_OUT']);
    isSilent = false;
    const next = watch(client.request(1, apis.listGroups, {}));
    await cluster.run(100);
    expect(next.outcome).toBe('ok');
  });

  it('on one lane do not wait behind those on another', async () => {
    const { cluster, client } = ground();
    await Promise.all([client.metadata.require([], { fresh: true }), cluster.run(50)]);
    cluster.on(apis.listGroups, ({ clientId }) => (clientId === null ? undefined : 'silence'));
    cluster.on(apis.describeGroups, () => ({ groups: [] }));
    const slow = watch(client.request(1, apis.listGroups, {}, { lane: 'slow' }));
    const quick = watch(client.request(1, apis.describeGroups, { groups: [] }));
    await cluster.run(100);
    expect([slow.outcome, quick.outcome]).toEqual(['pending', 'ok']);
  });

  it('that were given up end at once, and their late answer is dropped', async () => {
    const { cluster, client } = ground();
    await Promise.all([client.metadata.require([], { fresh: true }), cluster.run(50)]);
    cluster.on(apis.listGroups, () => ({ errorCode: 0, groups: [] }));
    const giveUp = new AbortController();
    const given = watch(client.request(1, apis.listGroups, {}, { signal: giveUp.signal }));
    giveUp.abort();
    await cluster.run(100);
    expect(given.outcome).toBe('KAFKA_ABORTED');
    const next = watch(client.request(1, apis.listGroups, {}));
    await cluster.run(100);
    expect(next.outcome).toBe('ok');
  });

  it('end with the client', async () => {
    const { cluster, client } = ground();
    await Promise.all([client.metadata.require([], { fresh: true }), cluster.run(50)]);
    cluster.on(apis.listGroups, () => 'silence');
    const open = watch(client.request(1, apis.listGroups, {}));
    await cluster.run(10);
    await client.close();
    await cluster.run(10);
    expect(open.outcome).toBe('KAFKA_CLOSED');
    expect(watch(client.request(1, apis.listGroups, {})).outcome).toBe('pending');
  });
});

describe('a token', () => {
  const ask = async (said: string | undefined) => {
    let tokens = 0;
    const sasl = { mechanism: 'OAUTHBEARER', token: () => `token${++tokens}`, extensions: { traceId: '7' } } as const;
    const { cluster, client } = ground(1, { sasl });
    cluster.on(apis.saslHandshake, () => ({ errorCode: 0, mechanisms: ['OAUTHBEARER'] }));
    cluster.on(apis.saslAuthenticate, () => ({
      errorCode: 0,
      errorMessage: null,
      authBytes: Buffer.from(said ?? ''),
      sessionLifetimeMs: 3_000,
    }));
    const first = watch(client.metadata.require([], { fresh: true }));
    await cluster.run(5_000);
    return {
      outcome: first.outcome,
      logins: cluster.requests(apis.saslAuthenticate).map(({ body }) => String(body.authBytes)),
    };
  };

  it('is asked for anew with each login, and sent with the extensions', async () => {
    const { outcome, logins } = await ask(undefined);
    expect(outcome).toBe('ok');
    expect(logins.slice(0, 2)).toEqual([1, 2].map((n) => `n,,\u0001auth=Bearer token${n}\u0001traceId=7\u0001\u0001`));
  });

  it('that is refused says why', async () => {
    const { outcome, logins } = await ask('{"status":"invalid_token"}');
    expect(outcome).toBe('KAFKA_AUTHENTICATION_FAILED');
    expect(logins[1]).toBe('\u0001');
  });
});

describe('sockets that nobody uses', () => {
  it('are closed before the broker does it, and opened again when they are needed', async () => {
    const { cluster, client } = ground();
    await Promise.all([client.metadata.require([], { fresh: true }), cluster.run(50)]);
    cluster.on(apis.listGroups, () => ({ throttleTimeMs: 0, errorCode: 0, groups: [] }));
    await Promise.all([client.request(1, apis.listGroups, {}), cluster.run(50)]);
    const handshakes = () => cluster.requests(apis.apiVersions).length;
    expect(handshakes()).toBe(2);
    await cluster.run(700_000);
    await Promise.all([client.request(1, apis.listGroups, {}), cluster.run(50)]);
    expect(handshakes()).toBe(3);
  });
});
