import { expect, it } from 'vitest';
import { ConnectionLimits, unlimitedConnections } from './connection-limits.ts';
import type { QuotaEntity } from './quota-entity.ts';
import { entityText } from './quota-entity.ts';

const here = '127.0.0.1';

function bench(settings: Partial<typeof unlimitedConnections> = {}, quotas: readonly [QuotaEntity, number][] = []) {
  const limits = new ConnectionLimits({ samples: 11, sampleMs: 1_000 });
  limits.setSettings({ ...unlimitedConnections, ...settings });
  limits.setTable(
    new Map(
      quotas.map(([entity, rate]) => [entityText(entity), { values: new Map([['connection_creation_rate', rate]]) }]),
    ),
  );
  return limits;
}

it('takes whatever comes where nothing is set', () => {
  const limits = bench();
  for (let index = 0; index < 1_000; index++)
    expect(limits.opened(here, 0)).toEqual({ afterMs: 0, refusal: undefined });
});

it('closes connections of an address that has enough, until one of them is gone', () => {
  const limits = bench({ perAddressMax: 2, addressOverrides: new Map([['10.0.0.1', 1]]) });
  const isServed = (address: string) => limits.opened(address, 0).refusal === undefined;
  expect([isServed(here), isServed(here), isServed(here)]).toEqual([true, true, false]);
  expect([isServed('10.0.0.1'), isServed('10.0.0.1'), isServed('10.0.0.2')]).toEqual([true, false, true]);
  limits.closed(here);
  expect([isServed(here), isServed(here)]).toEqual([true, false]);
});

it('holds connections of an address that comes too often for up to a second and closes them, as Kafka was seen to', () => {
  const limits = bench({}, [[{ ip: here }, 2]]);
  for (let index = 0; index < 20; index++) expect(limits.opened(here, index).refusal).toBeUndefined();
  expect(limits.opened(here, 30)).toEqual({ afterMs: 470, refusal: 'too many new connections of one address' });
  expect(limits.opened('127.0.0.2', 30).refusal).toBeUndefined();
  expect(limits.opened(here, 520).refusal).toBeUndefined();
  for (let index = 0; index < 5; index++)
    expect(limits.opened(here, 521 + index).refusal).toBe('too many new connections of one address');
});

it('has a default for addresses that have no rate of their own', () => {
  const limits = bench({}, [
    [{ ip: null }, 1],
    [{ ip: here }, 100],
  ]);
  for (let index = 0; index < 50; index++) expect(limits.opened(here, 0).refusal).toBeUndefined();
  for (let index = 0; index < 10; index++) limits.opened('10.0.0.9', 0);
  expect(limits.opened('10.0.0.9', 0)).toEqual({ afterMs: 1_000, refusal: 'too many new connections of one address' });
});

it('takes connections one after the other when there are too many a second over all: ten seconds’ worth, then one a second', () => {
  const limits = bench({ creationRateMax: 2 });
  const waits = Array.from({ length: 26 }, (_, index) => limits.opened(`10.0.0.${index}`, 0).afterMs);
  expect(waits.slice(0, 20)).toEqual(Array(20).fill(0));
  for (const [index, waitMs] of waits.slice(20).entries()) {
    const beforeMs = waits[19 + index] ?? 0;
    expect(waitMs - beforeMs, `connection ${21 + index}`).toBeGreaterThanOrEqual(500);
    expect(waitMs - beforeMs, `connection ${21 + index}`).toBeLessThanOrEqual(1_000);
  }
});
