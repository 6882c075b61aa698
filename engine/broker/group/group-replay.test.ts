import { expect, it } from 'vitest';
import { silentLog } from '../../base/log.ts';
import { randomBelow } from '../../base/random.ts';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { MemoryInternalLog } from '../coordinator/testing/memory-internal-log.ts';
import type { JoinAnswer } from './classic/round.ts';
import { GroupCoordinator } from './group-coordinator.ts';
import { noTopics, testConsumerLimits } from './testing/consumer-limits.ts';

const groupIds = ['a', 'b', 'c'];
const seedCount = 60;
const stepCount = 120;

function coordinatorOn(offsetsLog: MemoryInternalLog, clock: ManualClock, random: SeededRandom): GroupCoordinator {
  return new GroupCoordinator({
    clock,
    random,
    log: silentLog,
    limits: {
      sessionTimeoutMsMin: 1,
      sessionTimeoutMsMax: 60_000,
      membersMax: 5,
      initialRebalanceDelayMs: 0,
      metadataBytesMax: 100,
      offsetsRetentionMs: 3_600_000,
      offsetsCheckIntervalMs: 600_000,
    },
    consumerLimits: () => testConsumerLimits,
    topics: () => noTopics,
    offsetsLog,
    topicExists: () => true,
    isInTouch: () => true,
  });
}

interface Joined {
  readonly groupId: string;
  readonly groupInstanceId: string | null;
  readonly answer: JoinAnswer;
}

/** Clients that do anything in any order: join, sync, leave, commit, delete, and let time pass. */
class Clients {
  readonly #coordinator: GroupCoordinator;
  readonly #clock: ManualClock;
  readonly #random: SeededRandom;
  readonly #joined: Joined[] = [];

  constructor(coordinator: GroupCoordinator, clock: ManualClock, random: SeededRandom) {
    this.#coordinator = coordinator;
    this.#clock = clock;
    this.#random = random;
  }

  #any<T>(list: readonly T[]): T {
    return list[randomBelow(this.#random, list.length)] as T;
  }

  act(): void {
    const groupId = this.#any(groupIds);
    const joined = this.#joined.length > 0 ? this.#any(this.#joined.slice(-5)) : undefined;
    const kind = randomBelow(this.#random, 10);
    if (kind <= 1) this.#join(groupId, joined);
    else if (kind <= 5 && joined) this.#sync(joined);
    else if (kind === 6 && joined)
      this.#coordinator.leave(joined.groupId, [
        { memberId: joined.answer.memberId, groupInstanceId: joined.groupInstanceId },
      ]);
    else if (kind === 7) this.#commit(groupId, joined);
    else if (kind === 8 && this.#random.next() < 0.3) void this.#coordinator.delete(groupId);
    else this.#clock.advance(randomBelow(this.#random, 900));
  }

  #join(groupId: string, joined: Joined | undefined): void {
    const isBack = joined !== undefined && this.#random.next() < 0.5;
    const groupInstanceId = isBack ? joined.groupInstanceId : this.#any([null, null, 'till-1', 'till-2']);
    const group = isBack ? joined.groupId : groupId;
    const joining = this.#coordinator.join(group, {
      memberId: isBack && this.#random.next() < 0.7 ? joined.answer.memberId : '',
      groupInstanceId,
      requiresKnownMemberId: false,
      canSkipAssignment: true,
      clientId: 'client',
      clientHost: '/127.0.0.1',
      sessionTimeoutMs: 4_000,
      rebalanceTimeoutMs: 1_500,
      protocolType: 'consumer',
      protocols: [{ name: this.#any(['range', 'range', 'range', 'range', 'sticky']), metadata: Buffer.from([1, 2]) }],
    });
    void Promise.resolve(joining).then((answer) => {
      if (answer.errorCode === errorCode.NONE) this.#joined.push({ groupId: group, groupInstanceId, answer });
    });
  }

  #sync({ groupId, groupInstanceId, answer }: Joined): void {
    void this.#coordinator.sync(groupId, {
      memberId: answer.memberId,
      groupInstanceId,
      generationId: answer.generationId,
      protocolType: null,
      protocolName: null,
      assignments: answer.members.map(({ memberId }) => ({ memberId, assignment: Buffer.from(`of ${memberId}`) })),
    });
  }

  #commit(groupId: string, joined: Joined | undefined): void {
    const offset = {
      topic: this.#any(['t', 'u']),
      partition: 0,
      offset: this.#clock.now(),
      leaderEpoch: 0,
      metadata: '',
    };
    void this.#coordinator.commit(
      joined?.groupId ?? groupId,
      {
        memberId: joined?.answer.memberId ?? '',
        generationId: joined?.answer.generationId ?? -1,
        groupInstanceId: joined?.groupInstanceId ?? null,
        missingGroup: errorCode.ILLEGAL_GENERATION,
      },
      [offset],
    );
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

it('is after a hand-over what it was before, whatever its clients did: offsets, and members with their parts', async () => {
  let stable = 0;
  for (let seed = 1; seed <= seedCount; seed++) {
    const random = new SeededRandom(seed);
    const clock = new ManualClock();
    const log = new MemoryInternalLog();
    const coordinator = coordinatorOn(log, clock, random);
    await coordinator.elected(0, 1);
    const clients = new Clients(coordinator, clock, random);
    for (let step = 0; step < stepCount; step++) {
      // Appends may take their time, and be refused.
      log.holds = random.next() < 0.3;
      log.failWith = random.next() < 0.1 ? errorCode.NOT_ENOUGH_REPLICAS : errorCode.NONE;
      clients.act();
      if (random.next() < 0.5) log.release();
      await turns();
    }
    log.release();
    await turns();
    const successor = coordinatorOn(log, clock, random);
    await successor.elected(0, 2);
    for (const groupId of groupIds) {
      const [before, after] = [coordinator, successor].map((each) => each.describe(groupId));
      expect(successor.committedOffsets(groupId), `seed ${seed}, ${groupId}`).toEqual(
        coordinator.committedOffsets(groupId),
      );
      if (typeof before !== 'object' || before.phase !== 'Stable') continue;
      stable++;
      expect(after, `seed ${seed}, ${groupId}`).toEqual(before);
    }
  }
  expect(stable).toBeGreaterThan(seedCount / 4);
});
