import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Assignment, MemberOfGroup } from './assignors.ts';
import { assignors } from './assignors.ts';
import type { TopicPartition } from './subscription.ts';
import { byTopic, decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from './subscription.ts';

const member = (memberId: string, topics: readonly string[], extra: Partial<MemberOfGroup> = {}): MemberOfGroup => ({
  memberId,
  topics,
  instanceId: null,
  owned: [],
  generation: 1,
  userData: null,
  ...extra,
});

const textOf = (assignment: Assignment) =>
  Object.fromEntries([...assignment].map(([id, list]) => [id, list.map(({ topic, partition }) => topic + partition)]));
const sizesOf = (assignment: Assignment) => [...assignment.values()].map((list) => list.length);

describe('assignors', () => {
  it('range gives neighbours of each topic, the first members one more', () => {
    const members = [member('b', ['x', 'y']), member('a', ['x', 'y'])];
    expect(
      textOf(
        assignors.range.assign(
          members,
          new Map([
            ['x', 3],
            ['y', 3],
          ]),
        ),
      ),
    ).toEqual({
      a: ['x0', 'x1', 'y0', 'y1'],
      b: ['x2', 'y2'],
    });
  });

  it('roundrobin deals out all partitions in turn, to those that want the topic', () => {
    const members = [member('a', ['x', 'y']), member('b', ['x'])];
    expect(
      textOf(
        assignors.roundrobin.assign(
          members,
          new Map([
            ['x', 3],
            ['y', 2],
          ]),
        ),
      ),
    ).toEqual({
      a: ['x0', 'x2', 'y0', 'y1'],
      b: ['x1'],
    });
  });

  it('keeps a static member in its place under another member id', () => {
    const at = (first: string) =>
      assignors.range.assign(
        [member(first, ['x'], { instanceId: 'one' }), member('m', ['x'], { instanceId: 'two' })],
        new Map([['x', 2]]),
      );
    expect(at('a').get('a')).toEqual(at('z').get('z'));
  });

  it('cooperative-sticky lets a newcomer have partitions only after they were given up', () => {
    const all = [0, 1, 2, 3].map((partition) => ({ topic: 'x', partition }));
    const counts = new Map([['x', 4]]);
    const sticky = assignors['cooperative-sticky'];
    const first = sticky.assign([member('a', ['x'], { owned: all }), member('b', ['x'])], counts);
    expect(sizesOf(first)).toEqual([2, 0]);
    const kept = first.get('a')!;
    const second = sticky.assign([member('a', ['x'], { owned: kept, generation: 2 }), member('b', ['x'])], counts);
    expect(second.get('a')).toEqual(kept);
    expect(sizesOf(second)).toEqual([2, 2]);
  });

  it('cooperative-sticky believes the newest generation, and nobody when two of it claim the same', () => {
    const x0 = [{ topic: 'x', partition: 0 }];
    const sticky = assignors['cooperative-sticky'];
    const stale = sticky.assign(
      [member('a', ['x'], { owned: x0, generation: 3 }), member('b', ['x'], { owned: x0, generation: 4 })],
      new Map([['x', 1]]),
    );
    expect(textOf(stale)).toEqual({ a: [], b: ['x0'] });
    const doubtful = sticky.assign(
      [member('a', ['x'], { owned: x0 }), member('b', ['x'], { owned: x0 })],
      new Map([['x', 1]]),
    );
    expect(sizesOf(doubtful).sort()).toEqual([0, 1]);
  });

  it('every assignor gives each wanted partition to at most one member that wants it, and to exactly one when it may', () => {
    const topics = ['x', 'y', 'z'];
    const owned = fc.array(fc.record({ topic: fc.constantFrom(...topics), partition: fc.nat(6) }), { maxLength: 6 });
    const someMembers = fc
      .array(fc.tuple(fc.subarray(topics), owned, fc.integer({ min: -1, max: 3 })), { minLength: 1, maxLength: 5 })
      .map((list) =>
        list.map(([wanted, has, generation], index) => member(`m${index}`, wanted, { owned: has, generation })),
      );
    const counts = fc
      .tuple(fc.nat(6), fc.nat(6), fc.nat(6))
      .map((sizes) => new Map(topics.map((topic, index) => [topic, sizes[index]!])));
    fc.assert(
      fc.property(someMembers, counts, fc.constantFrom(...Object.values(assignors)), (members, sizes, assignor) => {
        const given = new Map<string, string>();
        for (const [id, partitions] of assignor.assign(members, sizes)) {
          const { topics: wanted } = members.find(({ memberId }) => memberId === id)!;
          for (const { topic, partition } of partitions) {
            expect(wanted).toContain(topic);
            expect(partition).toBeLessThan(sizes.get(topic)!);
            expect(given.has(`${topic}${partition}`)).toBe(false);
            given.set(`${topic}${partition}`, id);
          }
        }
        if (assignor.isCooperative) return;
        for (const [topic, size] of sizes)
          if (members.some((each) => each.topics.includes(topic)))
            for (let partition = 0; partition < size; partition++) expect(given.has(topic + partition)).toBe(true);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('cooperative-sticky comes to a balance and then moves nothing more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.nat(20),
        fc.array(fc.nat(5), { minLength: 20, maxLength: 20 }),
        (count, size, start) => {
          const sizes = new Map([['x', size]]);
          let ownedBy = Array.from({ length: count }, (_, index): TopicPartition[] =>
            start
              .slice(0, size)
              .flatMap((owner, partition) => (owner % count === index ? [{ topic: 'x', partition }] : [])),
          );
          const round = () => [
            ...assignors['cooperative-sticky']
              .assign(
                ownedBy.map((owned, index) => member(`m${index}`, ['x'], { owned })),
                sizes,
              )
              .values(),
          ];
          ownedBy = round();
          ownedBy = round();
          const lengths = ownedBy.map((list) => list.length);
          expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(size);
          expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
          expect(round().map(byTopic)).toEqual(ownedBy.map(byTopic));
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe('what members tell each other', () => {
  it('comes back as it was, and is read in the form of older and of newer members', () => {
    const subscription = {
      topics: ['a', 'b'],
      owned: [{ topic: 'a', partition: 3 }],
      generation: 7,
      userData: Buffer.from('mine'),
    };
    const bytes = encodeSubscription(subscription);
    expect(decodeSubscription(bytes)).toEqual(subscription);
    bytes.writeInt16BE(9);
    expect(decodeSubscription(bytes).topics).toEqual(['a', 'b']);
    const old = Buffer.from([0, 0, 0, 0, 0, 1, 0, 1, 0x61, 0xff, 0xff, 0xff, 0xff]);
    expect(decodeSubscription(old)).toEqual({ topics: ['a'], owned: [], generation: -1, userData: null });
    expect(decodeAssignment(encodeAssignment(subscription.owned))).toEqual(subscription.owned);
    expect(decodeAssignment(Buffer.alloc(0))).toEqual([]);
  });
});
