import { expect, it } from 'vitest';
import { randomBelow } from '../../../base/random.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { encodeToBuffer } from '../../../protocol/codec.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { consumerProtocolSubscription } from '../../../protocol/schemas/records/consumer-protocol.ts';
import { topicsOf } from '../testing/consumer-limits.ts';
import type { ConsumerSetup } from '../testing/consumer-setup.ts';
import { consumerSetUp, coordinatorOn, TestMember } from '../testing/consumer-setup.ts';
import type { ConsumerGroup } from './consumer-group.ts';

const seedCount = 60;
const stepCount = 150;

/** Clients of both protocols that do anything in any order, answered or not. */
class Clients {
  readonly #setup: ConsumerSetup;
  readonly #random: SeededRandom;
  #members: TestMember[] = [];
  #joined = 0;
  readonly #classic: { memberId: string; generationId: number; groupInstanceId: string | null }[] = [];

  constructor(setup: ConsumerSetup, random: SeededRandom) {
    this.#setup = setup;
    this.#random = random;
  }

  #any<T>(list: readonly T[]): T {
    return list[randomBelow(this.#random, list.length)] as T;
  }

  act(): void {
    const kind = randomBelow(this.#random, 22);
    const member = this.#members.length > 0 ? this.#any(this.#members) : undefined;
    if (kind <= 1 || (!member && kind < 8)) this.#join();
    else if (!member) this.#actAsClassic();
    else if (kind === 2) this.#leaveAll();
    else if (kind <= 11) void member.beat();
    else if (kind === 12) void member.send({ memberEpoch: -1 });
    else if (kind === 13) void member.send({ memberEpoch: this.#any([-2, member.epoch - 1, 9]) });
    else if (kind === 14) void member.beat({ subscribedTopicNames: this.#any([['t'], ['t', 'u'], []]) });
    else if (kind === 15) this.#changeTopics();
    else if (kind === 16) this.#commit(member);
    else if (kind <= 19) this.#actAsClassic();
    else if (kind === 20 && this.#random.next() < 0.2) void this.#setup.coordinator.delete('g');
    else this.#setup.clock.advance(randomBelow(this.#random, 3_000));
  }

  #leaveAll(): void {
    if (this.#random.next() < 0.7) return;
    for (const member of this.#members) void member.send({ memberEpoch: -1 });
    this.#members = [];
  }

  #join(): void {
    const instanceId = this.#any([null, null, 'i', 'j']);
    const subscribedTopicRegex = this.#any([null, null, 't|u.*']);
    const subscription = { instanceId, subscribedTopicNames: this.#any([['t'], ['t', 'u']]), subscribedTopicRegex };
    const member = new TestMember(this.#setup, `m${this.#joined++}`, subscription);
    this.#members = [...this.#members.slice(-4), member];
    void member.beat();
  }

  #changeTopics(): void {
    this.#setup.topics = topicsOf({ t: 2 + randomBelow(this.#random, 4), ...(this.#any([true, false]) && { u: 2 }) });
    this.#setup.coordinator.topicsChanged();
  }

  #commit({ memberId, epoch }: TestMember): void {
    const committer = {
      memberId,
      generationId: epoch,
      groupInstanceId: null,
      missingGroup: errorCode.ILLEGAL_GENERATION,
    };
    const offset = { topic: 't', partition: 0, offset: this.#joined, leaderEpoch: 0, metadata: '' };
    void this.#setup.coordinator.commit('g', committer, [offset]);
  }

  #actAsClassic(): void {
    const { coordinator } = this.#setup;
    const known =
      this.#classic.length > 0 && this.#random.next() < 0.7 ? this.#any(this.#classic.slice(-2)) : undefined;
    const claim = {
      memberId: known?.memberId ?? '',
      groupInstanceId: known?.groupInstanceId ?? this.#any([null, 'i']),
    };
    const action = randomBelow(this.#random, 4);
    if (action === 1 && known) void coordinator.heartbeat('g', claim, known.generationId);
    else if (action === 2 && known) void coordinator.leave('g', [claim]);
    else if (action === 3 && known) this.#sync(claim, known.generationId);
    else void this.#joinClassic(claim);
  }

  #sync(claim: { memberId: string; groupInstanceId: string | null }, generationId: number): void {
    const assignment = Buffer.from([
      0,
      1,
      0,
      0,
      0,
      1,
      0,
      1,
      't'.charCodeAt(0),
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      0,
      255,
      255,
      255,
      255,
    ]);
    const named = { protocolType: null, protocolName: null };
    const assignments = [{ memberId: claim.memberId, assignment }];
    void this.#setup.coordinator.sync('g', { ...claim, generationId, ...named, assignments });
  }

  async #joinClassic(claim: { memberId: string; groupInstanceId: string | null }): Promise<void> {
    const body = encodeToBuffer(consumerProtocolSubscription, 1, { topics: ['t'] });
    const answer = await this.#setup.coordinator.join('g', {
      ...claim,
      requiresKnownMemberId: false,
      canSkipAssignment: true,
      clientId: 'classic',
      clientHost: '/127.0.0.1',
      sessionTimeoutMs: 8_000,
      rebalanceTimeoutMs: 3_000,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.concat([Buffer.from([0, 1]), body]) }],
    });
    const { memberId, generationId } = answer;
    if (answer.errorCode === errorCode.NONE) this.#classic.push({ ...claim, memberId, generationId });
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** No partition has two owners, or is to have two. */
function check({ members, targets }: ConsumerGroup, where: string): void {
  const owned = [...members.values()].flatMap(({ owned, revoking }) =>
    [owned, revoking].flatMap((part) =>
      [...part].flatMap(([id, epochs]) => [...epochs.keys()].map((p) => `${id}${p}`)),
    ),
  );
  expect(new Set(owned).size, `owners ${where}: ${owned}`).toBe(owned.length);
  const wanted = [...targets.values()].flatMap((target) =>
    [...target].flatMap(([id, partitions]) => [...partitions].map((p) => `${id}${p}`)),
  );
  expect(new Set(wanted).size, `targets ${where}: ${wanted}`).toBe(wanted.length);
  for (const memberId of targets.keys()) expect(members.has(memberId), `${memberId} ${where}`).toBe(true);
}

it('has one owner of each partition at any time, and is after a hand-over what it was before, whatever its clients did', async () => {
  const kinds = { classic: 0, consumer: 0 };
  for (let seed = 1; seed <= seedCount; seed++) {
    const random = new SeededRandom(seed);
    const setup = await consumerSetUp({ t: 3, u: 2 });
    const clients = new Clients(setup, random);
    for (let step = 0; step < stepCount; step++) {
      setup.offsetsLog.holds = random.next() < 0.3;
      setup.offsetsLog.failWith = random.next() < 0.1 ? errorCode.NOT_ENOUGH_REPLICAS : errorCode.NONE;
      clients.act();
      if (random.next() < 0.6) setup.offsetsLog.release();
      await turns();
      const [group] = setup.coordinator.list().groups;
      if (group) kinds[group.type]++;
      const view = setup.coordinator.describeConsumer('g');
      if (typeof view === 'object') check(view.group, `in step ${step} of seed ${seed}`);
    }
    setup.offsetsLog.holds = false;
    setup.offsetsLog.failWith = errorCode.NONE;
    for (let rest = 0; rest < 10; rest++) {
      setup.offsetsLog.release();
      await turns();
    }
    const successor = await coordinatorOn(setup);
    const [before, after] = [setup.coordinator, successor].map((each) => each.describeConsumer('g'));
    expect(after, `seed ${seed}`).toEqual(before);
    expect(successor.committedOffsets('g'), `seed ${seed}`).toEqual(setup.coordinator.committedOffsets('g'));
  }
  // Groups were of both protocols, and went from one to the other.
  expect(Math.min(kinds.classic, kinds.consumer)).toBeGreaterThan(seedCount);
});
