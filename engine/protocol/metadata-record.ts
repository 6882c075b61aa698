import { decodeFrom, encodeInto } from './codec.ts';
import { Reader } from './reader.ts';
import type { MessageInput, MessageOf, MessageSchema } from './schema.ts';
import { accessControlEntryRecord } from './schemas/records/access-control-entry-record.ts';
import { brokerRegistrationChangeRecord } from './schemas/records/broker-registration-change-record.ts';
import { clientQuotaRecord } from './schemas/records/client-quota-record.ts';
import { configRecord } from './schemas/records/config-record.ts';
import { featureLevelRecord } from './schemas/records/feature-level-record.ts';
import { noOpRecord } from './schemas/records/no-op-record.ts';
import { partitionChangeRecord } from './schemas/records/partition-change-record.ts';
import { partitionRecord } from './schemas/records/partition-record.ts';
import { producerIdsRecord } from './schemas/records/producer-ids-record.ts';
import { registerBrokerRecord } from './schemas/records/register-broker-record.ts';
import { removeAccessControlEntryRecord } from './schemas/records/remove-access-control-entry-record.ts';
import { removeTopicRecord } from './schemas/records/remove-topic-record.ts';
import { removeUserScramCredentialRecord } from './schemas/records/remove-user-scram-credential-record.ts';
import { topicRecord } from './schemas/records/topic-record.ts';
import { unregisterBrokerRecord } from './schemas/records/unregister-broker-record.ts';
import { userScramCredentialRecord } from './schemas/records/user-scram-credential-record.ts';
import { Writer } from './writer.ts';

/** Version of the framing of metadata records: frame version, record type, record version (all varints), body. */
const frameVersion = 1;

/** Metadata records that the controller writes, by name. */
export const metadataRecords = {
  RegisterBrokerRecord: registerBrokerRecord,
  UnregisterBrokerRecord: unregisterBrokerRecord,
  TopicRecord: topicRecord,
  PartitionRecord: partitionRecord,
  ConfigRecord: configRecord,
  PartitionChangeRecord: partitionChangeRecord,
  RemoveTopicRecord: removeTopicRecord,
  FeatureLevelRecord: featureLevelRecord,
  ClientQuotaRecord: clientQuotaRecord,
  ProducerIdsRecord: producerIdsRecord,
  UserScramCredentialRecord: userScramCredentialRecord,
  RemoveUserScramCredentialRecord: removeUserScramCredentialRecord,
  AccessControlEntryRecord: accessControlEntryRecord,
  RemoveAccessControlEntryRecord: removeAccessControlEntryRecord,
  BrokerRegistrationChangeRecord: brokerRegistrationChangeRecord,
  NoOpRecord: noOpRecord,
} as const;

export type MetadataRecordName = keyof typeof metadataRecords;

/** A decoded metadata record; `name` tells which. */
export type MetadataRecord = {
  [Name in MetadataRecordName]: {
    readonly name: Name;
    readonly version: number;
    readonly value: MessageOf<(typeof metadataRecords)[Name]>;
  };
}[MetadataRecordName];

const byType = new Map<number, MessageSchema>(Object.values(metadataRecords).map((schema) => [schema.key, schema]));

/**
 * Value of a record in the metadata log (KIP-631 framing).
 * @throws EncodeError
 */
export function encodeMetadataRecord<Name extends MetadataRecordName>(
  name: Name,
  version: number,
  value: MessageInput<(typeof metadataRecords)[Name]>,
): Buffer {
  const schema: MessageSchema = metadataRecords[name];
  const writer = new Writer();
  writer.uvarint(frameVersion);
  writer.uvarint(schema.key);
  writer.uvarint(version);
  encodeInto(writer, schema, version, value);
  return Buffer.concat(writer.finish());
}

/** @throws DecodeError; UNSUPPORTED_VERSION also for a record type that this build does not know */
export function decodeMetadataRecord(buffer: Buffer): MetadataRecord {
  const reader = new Reader(buffer);
  const frame = reader.uvarint();
  if (frame !== frameVersion) {
    throw reader.fail(
      'UNSUPPORTED_VERSION',
      `expected frame version ${frameVersion} of a metadata record, found ${frame}`,
    );
  }
  const type = reader.uvarint();
  const version = reader.uvarint();
  const schema = byType.get(type);
  if (schema === undefined)
    throw reader.fail('UNSUPPORTED_VERSION', `expected a known metadata record, found type ${type}`);
  // The table pairs names with schemas, which the compiler cannot see through a look-up by number.
  return { name: schema.name, version, value: decodeFrom(reader, schema, version) } as MetadataRecord;
}
