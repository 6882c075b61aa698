import type { MessageOf } from '../schema.ts';
import { array, bool, int8, int16, int32, message, string } from '../schema.ts';

/** Moves finalized levels of features (KIP-584). 1: kinds of downgrades, dry runs. 2: no rows in the response. */
export const updateFeaturesRequest = message(
  { name: 'UpdateFeaturesRequest', key: 57, versions: '0-2', flexible: '0+' },
  {
    timeoutMs: int32('0+', { default: 60_000 }),
    featureUpdates: array('0+', {
      feature: string('0+'),
      maxVersionLevel: int16('0+'),
      allowDowngrade: bool('0'),
      upgradeType: int8('1+', { default: 1 }),
    }),
    validateOnly: bool('1+', { default: false }),
  },
);
export type UpdateFeaturesRequest = MessageOf<typeof updateFeaturesRequest>;

export const updateFeaturesResponse = message(
  { name: 'UpdateFeaturesResponse', key: 57, versions: '0-2', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    results: array('0-1', {
      feature: string('0+'),
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
    }),
  },
);
export type UpdateFeaturesResponse = MessageOf<typeof updateFeaturesResponse>;
