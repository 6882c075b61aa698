/** What quotas are given to, in Kafka's words and its order of rank. */
export const quotaEntityTypes = ['user', 'client-id', 'ip'] as const;
export type QuotaEntityType = (typeof quotaEntityTypes)[number];

/**
 * Whom a quota holds for: its parts by type. A part that is null stands for all that have no quota of their own (the default); a
 * part that is absent does not matter.
 */
export type QuotaEntity = Readonly<Partial<Record<QuotaEntityType, string | null>>>;

/** What can be limited. */
export const quotaKeys = [
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
  'connection_creation_rate',
] as const;
export type QuotaKey = (typeof quotaKeys)[number];

/** Quotas of one entity by what they limit; keys of versions to come among them. */
export type QuotaValues = ReadonlyMap<string, number>;

/** An entity as an object of one shape: the same text for the same entity, for maps. Nobody takes it apart. */
export function entityText(entity: QuotaEntity): string {
  return JSON.stringify(quotaEntityTypes.map((type) => entity[type] ?? (entity[type] === null ? 0 : 1)));
}

export function isQuotaEntityType(text: string): text is QuotaEntityType {
  return quotaEntityTypes.some((type) => type === text);
}
