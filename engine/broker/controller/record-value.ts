import type { MetadataRecord, MetadataRecordName } from '../../protocol/metadata-record.ts';

/** The content of a metadata record by its name. */
export type RecordValue<Name extends MetadataRecordName> = Extract<MetadataRecord, { name: Name }>['value'];
