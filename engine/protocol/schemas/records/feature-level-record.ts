import type { MessageOf } from '../../schema.ts';
import { int16, message, string } from '../../schema.ts';

/** Finalized level of a feature such as metadata.version. */
export const featureLevelRecord = message(
  { name: 'FeatureLevelRecord', key: 12, versions: '0', flexible: '0+' },
  {
    name: string('0+'),
    featureLevel: int16('0+'),
  },
);
export type FeatureLevelRecord = MessageOf<typeof featureLevelRecord>;
