import type { QuotaEntity, QuotaKey, QuotaValues } from './quota-entity.ts';
import { entityText } from './quota-entity.ts';

/** Quotas by `entityText` of whom they hold for. */
export type QuotaTable = ReadonlyMap<string, { readonly values: QuotaValues }>;

/** A client that asks: the name it has proved, and what it calls itself. */
export interface QuotaClient {
  readonly user: string;
  readonly clientId: string;
}

/** The quota in force for a client. */
export interface QuotaInForce {
  readonly limit: number;
  /** Who uses it up together: a part that does not count is empty. */
  readonly share: QuotaClient;
}

interface Level {
  readonly entityOf: (client: QuotaClient) => QuotaEntity;
  readonly shareOf: (client: QuotaClient) => QuotaClient;
}

const both = (client: QuotaClient): QuotaClient => client;
const byUser = ({ user }: QuotaClient): QuotaClient => ({ user, clientId: '' });
const byClientId = ({ clientId }: QuotaClient): QuotaClient => ({ user: '', clientId });

/** Most specific first. The first that has the key decides; quotas are never added up. */
const levels: readonly Level[] = [
  { entityOf: ({ user, clientId }) => ({ user, 'client-id': clientId }), shareOf: both },
  { entityOf: ({ user }) => ({ user, 'client-id': null }), shareOf: both },
  { entityOf: ({ user }) => ({ user }), shareOf: byUser },
  { entityOf: ({ clientId }) => ({ user: null, 'client-id': clientId }), shareOf: both },
  { entityOf: () => ({ user: null, 'client-id': null }), shareOf: both },
  { entityOf: () => ({ user: null }), shareOf: byUser },
  { entityOf: ({ clientId }) => ({ 'client-id': clientId }), shareOf: byClientId },
  { entityOf: () => ({ 'client-id': null }), shareOf: byClientId },
];

/** The quota that holds for a client, if any does. */
export function quotaInForce(table: QuotaTable, key: QuotaKey, client: QuotaClient): QuotaInForce | undefined {
  for (const { entityOf, shareOf } of levels) {
    const limit = table.get(entityText(entityOf(client)))?.values.get(key);
    if (limit !== undefined) return { limit, share: shareOf(client) };
  }
  return undefined;
}

/** Whether anybody has a quota of that kind. */
export function limitsAnybody(table: QuotaTable, key: QuotaKey): boolean {
  for (const { values } of table.values()) if (values.has(key)) return true;
  return false;
}
