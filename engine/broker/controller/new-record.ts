import type { MetadataRecord, MetadataRecordName } from '../../protocol/metadata-record.ts';
import { zeroUuid } from '../../protocol/uuid.ts';
import type { Acl } from '../security/acl.ts';
import type { ScramMechanism } from '../security/sasl/sasl-mechanism.ts';
import { scramMechanisms } from '../security/sasl/sasl-mechanism.ts';
import type { ScramCredential } from '../security/sasl/scram-keys.ts';
import type { BrokerRegistration } from './brokers/brokers-image.ts';
import type { ConfigResource } from './configs/configs-image.ts';
import { configResourceTypes } from './configs/configs-image.ts';
import type { EntityPart } from './quotas/quotas-delta.ts';
import type { PartitionRegistration } from './topics/topics-image.ts';

type RecordOf<Name extends MetadataRecordName> = Extract<MetadataRecord, { name: Name }>;

export function newRegisterBroker(broker: BrokerRegistration): RecordOf<'RegisterBrokerRecord'> {
  return {
    name: 'RegisterBrokerRecord',
    version: 3,
    value: {
      brokerId: broker.id,
      isMigratingZkBroker: false,
      incarnationId: broker.incarnationId,
      brokerEpoch: broker.epoch,
      endPoints: [...broker.endPoints],
      features: [...broker.features],
      rack: broker.rack,
      fenced: broker.fenced,
      inControlledShutdown: broker.inControlledShutdown,
      logDirs: [...broker.logDirs],
      cordonedLogDirs: null,
    },
  };
}

export function newUnregisterBroker({ id, epoch }: BrokerRegistration): RecordOf<'UnregisterBrokerRecord'> {
  return { name: 'UnregisterBrokerRecord', version: 0, value: { brokerId: id, brokerEpoch: epoch } };
}

/** A change of a broker's standing; absent parts stay as they are. A shutdown cannot be taken back. */
export function newBrokerChange(
  broker: BrokerRegistration,
  change: { readonly fenced?: boolean; readonly inControlledShutdown?: true },
): RecordOf<'BrokerRegistrationChangeRecord'> {
  return {
    name: 'BrokerRegistrationChangeRecord',
    version: 1,
    value: {
      brokerId: broker.id,
      brokerEpoch: broker.epoch,
      fenced: change.fenced === undefined ? 0 : change.fenced ? 1 : -1,
      inControlledShutdown: change.inControlledShutdown ? 1 : 0,
      logDirs: [],
      cordonedLogDirs: null,
    },
  };
}

export function newTopic(name: string, topicId: string): RecordOf<'TopicRecord'> {
  return { name: 'TopicRecord', version: 0, value: { name, topicId } };
}

export function newRemoveTopic(topicId: string): RecordOf<'RemoveTopicRecord'> {
  return { name: 'RemoveTopicRecord', version: 0, value: { topicId } };
}

/** The whole state of a partition. */
export function newPartition(
  topicId: string,
  partitionId: number,
  partition: PartitionRegistration,
): RecordOf<'PartitionRecord'> {
  return {
    name: 'PartitionRecord',
    version: 2,
    value: {
      partitionId,
      topicId,
      replicas: [...partition.replicas],
      isr: [...partition.isr],
      removingReplicas: [...partition.removingReplicas],
      addingReplicas: [...partition.addingReplicas],
      leader: partition.leader,
      leaderRecoveryState: partition.isRecovering ? 1 : 0,
      leaderEpoch: partition.leaderEpoch,
      partitionEpoch: partition.partitionEpoch,
      directories: partition.replicas.map(() => zeroUuid),
      eligibleLeaderReplicas: partition.elr.length ? [...partition.elr] : null,
      lastKnownElr: partition.lastKnownElr.length ? [...partition.lastKnownElr] : null,
    },
  };
}

/** What differs in a partition; an absent field stays. `leader` given, even unchanged, begins a new leader epoch. */
export interface PartitionDifference {
  readonly replicas?: readonly number[];
  readonly addingReplicas?: readonly number[];
  readonly removingReplicas?: readonly number[];
  readonly isr?: readonly number[];
  readonly leader?: number;
  readonly elr?: readonly number[];
  readonly lastKnownElr?: readonly number[];
  readonly isRecovering?: boolean;
}

export function newPartitionChange(
  topicId: string,
  partitionId: number,
  difference: PartitionDifference,
): RecordOf<'PartitionChangeRecord'> {
  const { replicas, addingReplicas, removingReplicas, isr, leader, elr, lastKnownElr, isRecovering } = difference;
  return {
    name: 'PartitionChangeRecord',
    version: 2,
    value: {
      partitionId,
      topicId,
      isr: isr ? [...isr] : null,
      leader: leader ?? -2,
      replicas: replicas ? [...replicas] : null,
      removingReplicas: removingReplicas ? [...removingReplicas] : null,
      addingReplicas: addingReplicas ? [...addingReplicas] : null,
      leaderRecoveryState: isRecovering === undefined ? -1 : isRecovering ? 1 : 0,
      directories: replicas ? replicas.map(() => zeroUuid) : null,
      eligibleLeaderReplicas: elr ? [...elr] : null,
      lastKnownElr: lastKnownElr ? [...lastKnownElr] : null,
    },
  };
}

/** Sets a config, or removes its override when `value` is null. */
export function newConfig(
  resource: ConfigResource,
  resourceName: string,
  name: string,
  value: string | null,
): RecordOf<'ConfigRecord'> {
  const resourceType = configResourceTypes[resource];
  return { name: 'ConfigRecord', version: 0, value: { resourceType, resourceName, name, value } };
}

/** Sets a quota of an entity, or removes it when there is no value. */
export function newClientQuota(
  parts: readonly EntityPart[],
  key: string,
  value: number | undefined,
): RecordOf<'ClientQuotaRecord'> {
  const entity = parts.map((part) => ({ ...part }));
  return {
    name: 'ClientQuotaRecord',
    version: 0,
    value: { entity, key, value: value ?? 0, remove: value === undefined },
  };
}

export function newAcl(id: string, acl: Acl): RecordOf<'AccessControlEntryRecord'> {
  return { name: 'AccessControlEntryRecord', version: 0, value: { id, ...acl } };
}

export function newRemoveAcl(id: string): RecordOf<'RemoveAccessControlEntryRecord'> {
  return { name: 'RemoveAccessControlEntryRecord', version: 0, value: { id } };
}

export function newScramCredential(
  name: string,
  mechanism: ScramMechanism,
  credential: ScramCredential,
): RecordOf<'UserScramCredentialRecord'> {
  const { code } = scramMechanisms[mechanism];
  return { name: 'UserScramCredentialRecord', version: 0, value: { name, mechanism: code, ...credential } };
}

export function newRemoveScramCredential(
  name: string,
  mechanism: ScramMechanism,
): RecordOf<'RemoveUserScramCredentialRecord'> {
  const { code } = scramMechanisms[mechanism];
  return { name: 'RemoveUserScramCredentialRecord', version: 0, value: { name, mechanism: code } };
}

export function newProducerIds(
  brokerId: number,
  brokerEpoch: number,
  nextProducerId: number,
): RecordOf<'ProducerIdsRecord'> {
  return { name: 'ProducerIdsRecord', version: 0, value: { brokerId, brokerEpoch, nextProducerId } };
}

export function newFeatureLevel(name: string, featureLevel: number): RecordOf<'FeatureLevelRecord'> {
  return { name: 'FeatureLevelRecord', version: 0, value: { name, featureLevel } };
}

/** Changes nothing: something to wait for. */
export function newNoOp(): RecordOf<'NoOpRecord'> {
  return { name: 'NoOpRecord', version: 0, value: {} };
}
