import type { Assignment, ConsumerGroup, ConsumerMember, OwnedPartitions, ResolvedRegex } from './consumer-group.ts';
import { memberStates, newMember, nothingOwned } from './consumer-group.ts';
import type { ConsumerRecord, MemberHoldings } from './consumer-record.ts';

/** A group of the consumer protocol from the inside. */
export class WritableConsumerGroup implements ConsumerGroup {
  epoch = 0;
  metadataHash = 0;
  assignmentEpoch = -1;
  readonly members: Map<string, ConsumerMember>;
  readonly staticMembers: Map<string, string>;
  readonly targets: Map<string, Assignment>;
  readonly regexes: Map<string, ResolvedRegex>;
  readonly owners: Map<string, Map<number, string>>;

  constructor(from?: ConsumerGroup) {
    this.members = new Map(from?.members);
    this.staticMembers = new Map(from?.staticMembers);
    this.targets = new Map(from?.targets);
    this.regexes = new Map(from?.regexes);
    this.owners = new Map([...(from?.owners ?? [])].map(([topicId, owners]) => [topicId, new Map(owners)]));
    if (!from) return;
    this.epoch = from.epoch;
    this.metadataHash = from.metadataHash;
    this.assignmentEpoch = from.assignmentEpoch;
  }
}

const nothingHeld: MemberHoldings = {
  epoch: 0,
  previousEpoch: 0,
  state: memberStates.stable,
  owned: nothingOwned,
  revoking: nothingOwned,
};

/**
 * Applies a record to a group that exists: the one place where a group of the consumer protocol changes. That the group is no more
 * (`consumer-epoch` null) is its holder's matter. A tombstone for what is not there is fine: compaction may have left it alone.
 */
export function applyConsumerRecord(group: WritableConsumerGroup, record: ConsumerRecord): void {
  switch (record.kind) {
    case 'consumer-epoch':
      group.epoch = record.value?.epoch ?? 0;
      group.metadataHash = record.value?.metadataHash ?? 0;
      return;
    case 'consumer-topics':
      return;
    case 'consumer-member':
      if (record.value) put(group, { ...(group.members.get(record.memberId) ?? newMember('')), ...record.value });
      else remove(group, record.memberId);
      return;
    case 'consumer-target-epoch':
      group.assignmentEpoch = record.value?.assignmentEpoch ?? -1;
      return;
    case 'consumer-target':
      if (record.value) group.targets.set(record.memberId, record.value);
      else group.targets.delete(record.memberId);
      return;
    case 'consumer-current':
      hold(group, record.memberId, record.value);
      return;
    case 'consumer-regex':
      if (record.value) group.regexes.set(record.regex, record.value);
      else group.regexes.delete(record.regex);
  }
}

function put(group: WritableConsumerGroup, member: ConsumerMember): void {
  group.members.set(member.memberId, member);
  if (member.instanceId !== null) group.staticMembers.set(member.instanceId, member.memberId);
}

function remove(group: WritableConsumerGroup, memberId: string): void {
  const member = group.members.get(memberId);
  if (!member) return;
  group.members.delete(memberId);
  release(group, member);
  if (member.instanceId !== null && group.staticMembers.get(member.instanceId) === memberId)
    group.staticMembers.delete(member.instanceId);
}

/** A tombstone leaves the member without partitions, as one that has just come. */
function hold(group: WritableConsumerGroup, memberId: string, value: MemberHoldings | null): void {
  const known = group.members.get(memberId);
  if (!known && !value) return;
  if (known) release(group, known);
  const member = { ...(known ?? newMember(memberId)), ...(value ?? nothingHeld) };
  group.members.set(memberId, member);
  own(group, member);
}

function each({ owned, revoking }: ConsumerMember, visit: (topicId: string, partition: number) => void): void {
  const visitAll = (partitions: OwnedPartitions): void => {
    for (const [topicId, epochs] of partitions) for (const partition of epochs.keys()) visit(topicId, partition);
  };
  visitAll(owned);
  visitAll(revoking);
}

function release(group: WritableConsumerGroup, member: ConsumerMember): void {
  each(member, (topicId, partition) => {
    const owners = group.owners.get(topicId);
    if (owners?.get(partition) !== member.memberId) return;
    owners.delete(partition);
    if (owners.size === 0) group.owners.delete(topicId);
  });
}

function own(group: WritableConsumerGroup, member: ConsumerMember): void {
  each(member, (topicId, partition) => {
    let owners = group.owners.get(topicId);
    if (!owners) {
      owners = new Map();
      group.owners.set(topicId, owners);
    }
    owners.set(partition, member.memberId);
  });
}
