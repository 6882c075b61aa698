import type { Principal } from '../../security/principal.ts';

/** How much a consumer may fetch at a time, by its quota. */
export interface FetchQuota {
  /** What one response should hold at most, in bytes: all that the quota allows in its window. Infinity where there is none. */
  fetchBytesMax(principal: Principal, clientId: string | null): number;
}

export const noFetchQuota: FetchQuota = { fetchBytesMax: () => Number.POSITIVE_INFINITY };
