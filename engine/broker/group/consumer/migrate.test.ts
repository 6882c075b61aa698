import { expect, it } from 'vitest';
import { encodeToBuffer } from '../../../protocol/codec.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { consumerProtocolSubscription } from '../../../protocol/schemas/records/consumer-protocol.ts';
import { readAssignment } from '../classic/consumer-embedded.ts';
import type { JoinAnswer, SyncAnswer } from '../classic/round.ts';
import type { ConsumerSetup } from '../testing/consumer-setup.ts';
import { consumerSetUp, coordinatorOn, settle, TestMember } from '../testing/consumer-setup.ts';

const range = Buffer.concat([Buffer.from([0, 1]), encodeToBuffer(consumerProtocolSubscription, 1, { topics: ['t'] })]);

/** A consumer of the classic protocol; as the only one, or with a leader's part given. */
class ClassicConsumer {
  memberId = '';
  generationId = -1;
  partitions: readonly number[] = [];
  readonly #setup: ConsumerSetup;
  readonly #instanceId: string | null;

  constructor(setup: ConsumerSetup, instanceId: string | null = null) {
    this.#setup = setup;
    this.#instanceId = instanceId;
  }

  async join(protocols = [{ name: 'range', metadata: this.#subscription }]): Promise<JoinAnswer> {
    const answer = await this.#setup.coordinator.join('g', {
      memberId: this.memberId,
      groupInstanceId: this.#instanceId,
      requiresKnownMemberId: false,
      canSkipAssignment: true,
      clientId: 'classic',
      clientHost: '/127.0.0.1',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 5_000,
      protocolType: 'consumer',
      protocols,
    });
    if (answer.errorCode !== errorCode.NONE) return answer;
    this.memberId = answer.memberId;
    this.generationId = answer.generationId;
    return answer;
  }

  async sync(assignments: readonly { memberId: string; assignment: Buffer }[] = []): Promise<SyncAnswer> {
    const answer = await this.#setup.coordinator.sync('g', {
      ...this.claim,
      generationId: this.generationId,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments,
    });
    if (answer.errorCode === errorCode.NONE)
      this.partitions = readAssignment(answer.assignment)?.find(({ topic }) => topic === 't')?.partitions ?? [];
    return answer;
  }

  async beat(): Promise<number> {
    return this.#setup.coordinator.heartbeat('g', this.claim, this.generationId);
  }

  /** As a client does: a heartbeat, and when it is told to, joins again and asks for its part. */
  async turn(): Promise<void> {
    const code = await this.beat();
    if (code === errorCode.NONE) return;
    expect([errorCode.REBALANCE_IN_PROGRESS, errorCode.ILLEGAL_GENERATION]).toContain(code);
    if ((await this.join()).errorCode === errorCode.NONE) await this.sync();
  }

  get claim() {
    return { memberId: this.memberId, groupInstanceId: this.#instanceId };
  }

  get #subscription(): Buffer {
    const ownedPartitions = [{ topic: 't', partitions: [...this.partitions] }];
    const value = { topics: ['t'], ownedPartitions };
    return Buffer.concat([Buffer.from([0, 1]), encodeToBuffer(consumerProtocolSubscription, 1, value)]);
  }
}

function assignmentOf(partitions: readonly number[]): Buffer {
  const head = Buffer.from([0, 1, 0, 0, 0, 1, 0, 1, 't'.charCodeAt(0)]);
  const count = Buffer.alloc(4);
  count.writeInt32BE(partitions.length);
  const rest = partitions.map((partition) => Buffer.from([0, 0, 0, partition]));
  return Buffer.concat([head, count, ...rest, Buffer.from([255, 255, 255, 255])]);
}

async function classicGroup(setup: ConsumerSetup, instanceId: string | null = null): Promise<ClassicConsumer> {
  const consumer = new ClassicConsumer(setup, instanceId);
  await consumer.join();
  await consumer.sync([{ memberId: consumer.memberId, assignment: assignmentOf([0, 1, 2, 3, 4, 5]) }]);
  expect(consumer.partitions).toHaveLength(6);
  return consumer;
}

function typeOf({ coordinator }: ConsumerSetup): string | undefined {
  return coordinator.list().groups.find(({ groupId }) => groupId === 'g')?.type;
}

async function share(classic: ClassicConsumer, member: TestMember): Promise<void> {
  for (let round = 0; round < 10; round++) {
    await member.beat();
    await classic.turn();
  }
}

it('turns a classic group into one of the consumer protocol while its member runs, and back when the other is gone', async () => {
  const setup = await consumerSetUp();
  const classic = await classicGroup(setup);
  const member = new TestMember(setup, 'm');
  await member.beat();
  expect(typeOf(setup)).toBe('consumer');
  expect(member.epoch).toBe(classic.generationId + 1);
  expect(member.partitions).toEqual([]);
  await share(classic, member);
  expect([classic.partitions.length, member.partitions.length]).toEqual([3, 3]);
  const parts = [...classic.partitions.map((partition) => `t-${partition}`), ...member.partitions];
  expect(new Set(parts).size).toBe(6);
  // A successor knows it all.
  setup.coordinator.resigned(0);
  setup.coordinator = await coordinatorOn(setup);
  expect(typeOf(setup)).toBe('consumer');
  expect(await classic.beat()).toBe(errorCode.NONE);
  await member.send({ memberEpoch: -1 });
  expect(typeOf(setup)).toBe('classic');
  expect(await classic.beat()).not.toBe(errorCode.NONE);
  const again = await classic.join();
  expect(again).toMatchObject({ errorCode: 0, leader: classic.memberId });
  await classic.sync([{ memberId: classic.memberId, assignment: assignmentOf([0, 1, 2, 3, 4, 5]) }]);
  expect(classic.partitions).toHaveLength(6);
  const successor = await coordinatorOn(setup);
  expect(successor.describe('g')).toMatchObject({ phase: 'Stable', type: 'classic' });
});

it('keeps the committed offsets of a group whatever becomes of it', async () => {
  const setup = await consumerSetUp();
  const classic = await classicGroup(setup);
  const offset = { topic: 't', partition: 0, offset: 42, leaderEpoch: 0, metadata: '' };
  const committer = {
    ...classic.claim,
    generationId: classic.generationId,
    missingGroup: errorCode.ILLEGAL_GENERATION,
  };
  expect(await setup.coordinator.commit('g', committer, [offset])).toEqual([errorCode.NONE]);
  const committed = (coordinator = setup.coordinator) =>
    coordinator.committedOffsets('g').offsets.get('t')?.get(0)?.offset;
  const member = new TestMember(setup, 'm');
  await member.beat();
  expect(committed()).toBe(42);
  await member.send({ memberEpoch: -1 });
  expect(committed()).toBe(42);
  expect(committed(await coordinatorOn(setup))).toBe(42);
});

it('takes a member of the classic protocol that leaves out of a mixed group, and goes on', async () => {
  const setup = await consumerSetUp();
  const classic = await classicGroup(setup);
  const member = new TestMember(setup, 'm');
  await share(classic, member);
  expect(await setup.coordinator.leave('g', [classic.claim])).toMatchObject({ members: [errorCode.NONE] });
  await settle(member);
  expect(member.partitions).toHaveLength(6);
  expect(typeOf(setup)).toBe('consumer');
});

it('takes out a member of the classic protocol that does not join again in time', async () => {
  const setup = await consumerSetUp();
  const classic = await classicGroup(setup);
  const member = new TestMember(setup, 'm');
  for (let second = 0; second < 8; second++) {
    await member.beat();
    await classic.beat();
    setup.clock.advance(1_000);
  }
  await settle(member);
  expect(member.partitions).toHaveLength(6);
});

it('goes back to a classic group when a static member comes back by the classic protocol', async () => {
  const setup = await consumerSetUp();
  const member = new TestMember(setup, 'm', { instanceId: 'till-1' });
  await member.beat();
  const back = new ClassicConsumer(setup, 'till-1');
  expect(await back.join()).toMatchObject({ errorCode: 0 });
  expect(typeOf(setup)).toBe('classic');
  await back.turn();
  await back.sync();
  expect(setup.coordinator.describe('g')).toMatchObject({ members: [{ groupInstanceId: 'till-1' }] });
});

it.each([
  ['it is not allowed', { upgrade: false, downgrade: false }, errorCode.GROUP_ID_NOT_FOUND],
  ['only the way back is allowed', { upgrade: false, downgrade: true }, errorCode.GROUP_ID_NOT_FOUND],
])('leaves a classic group what it is when %s', async (_, migration, code) => {
  const setup = await consumerSetUp();
  setup.limits = { ...setup.limits, migration };
  const classic = await classicGroup(setup);
  expect((await new TestMember(setup, 'm').beat()).errorCode).toBe(code);
  expect(typeOf(setup)).toBe('classic');
  expect(await classic.beat()).toBe(errorCode.NONE);
});

it('lets an empty group be of either protocol, without asking', async () => {
  const setup = await consumerSetUp();
  setup.limits = { ...setup.limits, migration: { upgrade: false, downgrade: false } };
  const classic = await classicGroup(setup);
  await setup.coordinator.leave('g', [classic.claim]);
  const member = new TestMember(setup, 'm');
  expect((await member.beat()).errorCode).toBe(0);
  await member.send({ memberEpoch: -1 });
  expect(typeOf(setup)).toBe('consumer');
  await classicGroup(setup);
  expect(typeOf(setup)).toBe('classic');
  expect((await coordinatorOn(setup)).describe('g')).toMatchObject({ phase: 'Stable', type: 'classic' });
});

it('is a classic group again, with all its members, when the change could not be written', async () => {
  const setup = await consumerSetUp();
  const classic = await classicGroup(setup);
  setup.offsetsLog.failWith = errorCode.NOT_ENOUGH_REPLICAS;
  expect((await new TestMember(setup, 'm').beat()).errorCode).toBe(errorCode.COORDINATOR_NOT_AVAILABLE);
  setup.offsetsLog.failWith = errorCode.NONE;
  expect(typeOf(setup)).toBe('classic');
  expect(await classic.beat()).toBe(errorCode.REBALANCE_IN_PROGRESS);
  expect(await classic.join()).toMatchObject({ errorCode: 0, leader: classic.memberId });
});

it('refuses a classic member whose protocols the others do not know, and one that says nothing that can be read', async () => {
  const setup = await consumerSetUp();
  await classicGroup(setup);
  await new TestMember(setup, 'm').beat();
  const other = new ClassicConsumer(setup);
  expect((await other.join([{ name: 'mine', metadata: range }])).errorCode).toBe(errorCode.INCONSISTENT_GROUP_PROTOCOL);
  const broken = [{ name: 'range', metadata: Buffer.from([0]) }];
  expect((await other.join(broken)).errorCode).toBe(errorCode.INCONSISTENT_GROUP_PROTOCOL);
});
