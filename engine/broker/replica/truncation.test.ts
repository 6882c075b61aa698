import { describe, expect, it } from 'vitest';
import { divergenceOf, truncationOffset } from './truncation.ts';

describe('divergence, as the leader sees it', () => {
  it.each([
    ['same epoch, within its end', { fetchOffset: 10, lastFetchedEpoch: 3 }, { epoch: 3, endOffset: 10 }, false],
    ['same epoch, beyond its end', { fetchOffset: 11, lastFetchedEpoch: 3 }, { epoch: 3, endOffset: 10 }, true],
    ['the leader never had the epoch', { fetchOffset: 5, lastFetchedEpoch: 3 }, { epoch: 2, endOffset: 10 }, true],
  ])('%s', (_, fetch, known, diverges) => {
    expect(divergenceOf(fetch, known)).toEqual(diverges ? known : undefined);
  });
});

describe('truncation, as the follower does it', () => {
  it.each([
    ['to the leader’s end of a shared epoch', { epoch: 2, endOffset: 8 }, { epoch: 2, endOffset: 12 }, 12, 8],
    [
      'to its own end of a shared epoch, when that is lower',
      { epoch: 2, endOffset: 8 },
      { epoch: 2, endOffset: 6 },
      12,
      6,
    ],
    [
      'to the end of its own lower epoch, when it lacks the leader’s (KIP-279)',
      { epoch: 2, endOffset: 8 },
      { epoch: 1, endOffset: 5 },
      12,
      5,
    ],
    ['to the leader’s end, when it knows no epoch', { epoch: 2, endOffset: 8 }, { epoch: -1, endOffset: -1 }, 12, 8],
    ['never to more than it has', { epoch: 2, endOffset: 8 }, { epoch: -1, endOffset: -1 }, 4, 4],
  ])('%s', (_, diverging, local, endOffset, expected) => {
    expect(truncationOffset(diverging, local, endOffset)).toBe(expected);
  });
});
