import { expect, it } from 'vitest';
import { ClientQuota } from './client-quota.ts';
import type { QuotaEntity, QuotaKey } from './quota-entity.ts';
import { entityText } from './quota-entity.ts';
import type { QuotaTable } from './quota-lookup.ts';
import { quotaInForce } from './quota-lookup.ts';

const windows = { samples: 11, sampleMs: 1_000 };
const client = { user: 'none', clientId: 'pc' };

function tableOf(
  quotas: readonly (readonly [QuotaEntity, number])[],
  key: QuotaKey = 'producer_byte_rate',
): QuotaTable {
  return new Map(quotas.map(([entity, value]) => [entityText(entity), { values: new Map([[key, value]]) }]));
}

/** All levels, most specific first, each with a quota of its own; as they were found in force in Apache Kafka 4.4.0. */
const ranked: readonly (readonly [QuotaEntity, number])[] = [
  [{ user: 'none', 'client-id': 'pc' }, 10_000],
  [{ user: 'none', 'client-id': null }, 11_000],
  [{ user: 'none' }, 12_000],
  [{ user: null, 'client-id': 'pc' }, 13_000],
  [{ user: null, 'client-id': null }, 14_000],
  [{ user: null }, 15_000],
  [{ 'client-id': 'pc' }, 16_000],
  [{ 'client-id': null }, 17_000],
];

it('has the most specific quota in force', () => {
  const found = ranked.map((_, index) => quotaInForce(tableOf(ranked.slice(index)), 'producer_byte_rate', client));
  expect(found.map((quota) => quota?.limit)).toEqual(ranked.map(([, limit]) => limit));
  expect(found.map((quota) => quota && Object.values(quota.share))).toEqual([
    ['none', 'pc'],
    ['none', 'pc'],
    ['none', ''],
    ['none', 'pc'],
    ['none', 'pc'],
    ['none', ''],
    ['', 'pc'],
    ['', 'pc'],
  ]);
});

it('looks for each kind of quota on its own', () => {
  const table: QuotaTable = new Map([
    [entityText({ user: 'none' }), { values: new Map([['consumer_byte_rate', 1]]) }],
    [entityText({ 'client-id': null }), { values: new Map([['producer_byte_rate', 2]]) }],
  ]);
  expect(quotaInForce(table, 'producer_byte_rate', client)?.limit).toBe(2);
  expect(quotaInForce(table, 'request_percentage', client)).toBeUndefined();
});

function bench(quotas: readonly (readonly [QuotaEntity, number])[], throttleMsMax?: number) {
  const quota = new ClientQuota({ key: 'producer_byte_rate', windows, ...(throttleMsMax ? { throttleMsMax } : {}) });
  quota.setTable(tableOf(quotas));
  return quota;
}

it('counts nothing and throttles nobody where there is no quota', () => {
  const quota = bench([]);
  expect([quota.isActive, quota.record(client, 1e12, 0), quota.limitOf(client)]).toEqual([false, 0, undefined]);
  quota.setTable(tableOf([[{ user: 'none' }, 1_000]]));
  expect(quota.record(client, 1, 1)).toBe(0);
});

it('shares a user’s quota between all client ids, a client id’s between all users', () => {
  const ofUser = bench([[{ user: 'none' }, 1_000]]);
  ofUser.record({ user: 'none', clientId: 'a' }, 10_000, 0);
  expect(ofUser.record({ user: 'none', clientId: 'b' }, 1_000, 0)).toBe(1_000);
  expect(ofUser.record({ user: 'other', clientId: 'a' }, 50_000, 0)).toBe(0);
  const ofClientId = bench([[{ 'client-id': null }, 1_000]]);
  ofClientId.record({ user: 'x', clientId: 'a' }, 10_000, 0);
  expect(ofClientId.record({ user: 'y', clientId: 'a' }, 1_000, 0)).toBe(1_000);
  expect(ofClientId.record({ user: 'y', clientId: 'b' }, 1_000, 0)).toBe(0);
});

it('keeps what was used up when another level with the same share takes over', () => {
  const quota = bench([[{ user: 'none', 'client-id': 'pc' }, 10_000]]);
  expect(quota.record(client, 900_000, 0)).toBe(80_000);
  quota.setTable(tableOf([[{ user: 'none', 'client-id': null }, 11_000]]));
  expect(quota.record(client, 900_000, 300)).toBe(153_336);
});

it('asks for no longer wait than it may', () => {
  expect(bench([[{ user: 'none' }, 1]], 1_000).record(client, 1e9, 0)).toBe(1_000);
});

it('does not grow with the client ids that clients make up', () => {
  const quota = bench([[{ 'client-id': null }, 1_000]]);
  for (let index = 0; index < 25_000; index++)
    quota.record({ user: 'u', clientId: `made-up-${index}` }, 20_000, index / 100);
  expect(quota.record({ user: 'u', clientId: 'made-up-24999' }, 0, 250)).toBeGreaterThan(0);
  expect(quota.shareCount).toBeLessThanOrEqual(10_000);
});
