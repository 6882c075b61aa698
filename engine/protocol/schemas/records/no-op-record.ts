import type { MessageOf } from '../../schema.ts';
import { message } from '../../schema.ts';

/** Moves the metadata log forward without a change (KIP-835). */
export const noOpRecord = message({ name: 'NoOpRecord', key: 20, versions: '0', flexible: '0+' }, {});
export type NoOpRecord = MessageOf<typeof noOpRecord>;
