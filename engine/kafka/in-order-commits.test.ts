import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InOrderCommits } from './in-order-commits.ts';

describe('InOrderCommits', () => {
  it('moves the position only over records that are all settled', () => {
    const commits = new InOrderCommits(10, 10);
    const [first, second, third] = [commits.take(10), commits.take(11), commits.take(14)];
    commits.settle(second);
    expect(commits.position).toBe(10);
    commits.settle(first);
    expect(commits.position).toBe(12);
    commits.settle(third);
    expect([commits.position, commits.pending, commits.isDirty]).toEqual([15, 0, true]);
    commits.acknowledge(15);
    expect(commits.isDirty).toBe(false);
  });

  it('skips over offsets without records only while nothing is handed out', () => {
    const commits = new InOrderCommits(0, 0);
    const ticket = commits.take(0);
    commits.skipTo(50);
    expect(commits.position).toBe(0);
    commits.settle(ticket);
    commits.skipTo(50);
    expect(commits.position).toBe(50);
  });

  it('has a position to commit that a reset found, also one below what is committed', () => {
    expect(new InOrderCommits(0, undefined).isDirty).toBe(true);
    expect(new InOrderCommits(3, 90).isDirty).toBe(true);
    const found = new InOrderCommits(7, undefined);
    found.acknowledge(7);
    expect([found.isDirty, found.committed]).toEqual([false, 7]);
  });

  it('knows its own offset again when the answer to the commit was lost', () => {
    const commits = new InOrderCommits(5, 5);
    commits.settle(commits.take(5));
    commits.send(commits.position);
    expect([commits.isOurs(6), commits.isOurs(5), commits.isOurs(7), commits.isOurs(undefined)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('refuses an offset that does not rise', () => {
    const commits = new InOrderCommits(5, 5);
    commits.take(6);
    expect(() => commits.take(6)).toThrow('record 6 handed out after 6');
  });

  it('is always the smallest unsettled offset, whatever the order of settling', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3000 }),
        fc.infiniteStream(fc.nat()),
        (gaps, picks) => {
          const commits = new InOrderCommits(0, 0);
          let offset = -1;
          const open = gaps.map((gap) => {
            offset += gap;
            return commits.take(offset);
          });
          const last = offset;
          while (open.length) {
            const [ticket] = open.splice(picks.next().value! % open.length, 1);
            commits.settle(ticket!);
            if (open.length % 97 === 0 || open.length < 5) {
              const smallest = Math.min(...open.map((each) => each.offset));
              if (open.length) expect(commits.position).toBeLessThanOrEqual(smallest);
              if (!open.length) expect(commits.position).toBe(last + 1);
            }
          }
        },
      ),
      { seed: 7, numRuns: 30 },
    );
  });
});
