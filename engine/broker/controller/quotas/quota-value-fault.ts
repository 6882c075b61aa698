import type { QuotaEntity, QuotaKey } from '../../quota/quota-entity.ts';

/** The number that a quota is, by Kafka's types. */
const kinds: Readonly<Record<QuotaKey, 'LONG' | 'INT' | 'DOUBLE'>> = {
  producer_byte_rate: 'LONG',
  consumer_byte_rate: 'LONG',
  request_percentage: 'DOUBLE',
  controller_mutation_rate: 'DOUBLE',
  connection_creation_rate: 'INT',
};

const largest = { LONG: 2 ** 63, INT: 2 ** 31 - 1 } as const;

/** What is wrong with a quota for an entity, in Kafka's words; undefined: nothing. */
export function quotaValueFault(entity: QuotaEntity, key: string, value: number): string | undefined {
  const kind = kindOf(entity, key);
  if (!kind) return `Invalid configuration key ${key}`;
  if (!Number.isFinite(value)) return `Quota ${key} must be a finite number`;
  if (value <= 0) return `Quota ${key} must be greater than 0`;
  if (kind === 'DOUBLE') return undefined;
  if (!Number.isInteger(value)) return `${key} cannot be a fractional value.`;
  const isTooLarge = kind === 'LONG' ? value >= largest.LONG : value > largest.INT;
  return isTooLarge
    ? `Proposed value for ${key} is too large for ${kind === 'LONG' ? 'a LONG' : 'an INT'}.`
    : undefined;
}

/** Addresses have the connection rate, users and client ids the other quotas. */
function kindOf(entity: QuotaEntity, key: string): 'LONG' | 'INT' | 'DOUBLE' | undefined {
  const isOfAddress = key === 'connection_creation_rate';
  if (isOfAddress !== (entity.ip !== undefined)) return undefined;
  return Object.hasOwn(kinds, key) ? kinds[key as QuotaKey] : undefined;
}
