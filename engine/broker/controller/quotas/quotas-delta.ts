import type { QuotaEntity } from '../../quota/quota-entity.ts';
import { entityText, isQuotaEntityType } from '../../quota/quota-entity.ts';
import type { RecordValue } from '../record-value.ts';
import type { EntityQuotas, QuotasImage } from './quotas-image.ts';

/** What records say of client quotas. Entities of types that this build does not know are passed over. */
export class QuotasDelta {
  readonly #base: QuotasImage;
  #quotas: Map<string, EntityQuotas> | undefined;

  constructor(base: QuotasImage) {
    this.#base = base;
  }

  get isChanged(): boolean {
    return this.#quotas !== undefined;
  }

  build(): QuotasImage {
    return this.#quotas ?? this.#base;
  }

  put({ entity: parts, key, value, remove }: RecordValue<'ClientQuotaRecord'>): void {
    const entity = quotaEntityOf(parts);
    if (!entity) return;
    this.#quotas ??= new Map(this.#base);
    const at = entityText(entity);
    const values = new Map(this.#quotas.get(at)?.values);
    if (remove) values.delete(key);
    else values.set(key, value);
    if (values.size > 0) this.#quotas.set(at, { entity, values });
    else this.#quotas.delete(at);
  }
}

/** One part of an entity on the wire. */
export interface EntityPart {
  readonly entityType: string;
  readonly entityName: string | null;
}

/** The entity of its parts on the wire, of which the last of a type counts; undefined where a type is unknown. */
export function quotaEntityOf(parts: readonly EntityPart[]): QuotaEntity | undefined {
  if (!parts.every(({ entityType }) => isQuotaEntityType(entityType))) return undefined;
  return Object.fromEntries(parts.map(({ entityType, entityName }) => [entityType, entityName]));
}

/** The parts of an entity, as they go over the wire. */
export function entityParts(entity: QuotaEntity): EntityPart[] {
  return Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName }));
}
