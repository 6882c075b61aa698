import type { MetadataRecord } from '../../protocol/metadata-record.ts';
import { newScramCredential } from '../controller/new-record.ts';
import type { BrokerConfig } from './config/broker-config.ts';

/** What the metadata of a new cluster begin with besides the levels of its features: its first users. */
export function bootstrapRecordsOf({
  bootstrapUsers,
}: Pick<BrokerConfig, 'bootstrapUsers'>): readonly MetadataRecord[] {
  return bootstrapUsers.map(({ name, mechanism, credential }) => newScramCredential(name, mechanism, credential));
}
