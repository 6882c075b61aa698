import type { QuotaEntity, QuotaValues } from '../../quota/quota-entity.ts';

export interface EntityQuotas {
  readonly entity: QuotaEntity;
  readonly values: QuotaValues;
}

/** Client quotas by `entityText` of whom they hold for. */
export type QuotasImage = ReadonlyMap<string, EntityQuotas>;
