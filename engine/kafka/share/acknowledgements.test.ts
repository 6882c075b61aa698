import { describe, expect, it } from 'vitest';
import { Acknowledgements } from './acknowledgements.ts';

describe('Acknowledgements', () => {
  it('tells neighbours with one outcome together, in the order of offsets', () => {
    const acks = new Acknowledgements();
    for (const offset of [7, 3, 4, 5]) acks.add(offset, 'accept');
    acks.add(6, 'release');
    acks.add(2, 'gap');
    expect(acks.take()).toEqual([
      { firstOffset: 2, lastOffset: 2, acknowledgeTypes: [0] },
      { firstOffset: 3, lastOffset: 5, acknowledgeTypes: [1] },
      { firstOffset: 6, lastOffset: 6, acknowledgeTypes: [2] },
      { firstOffset: 7, lastOffset: 7, acknowledgeTypes: [1] },
    ]);
    expect(acks.isEmpty).toBe(true);
  });

  it('tells the last outcome of an offset, and renews nothing that is done', () => {
    const acks = new Acknowledgements();
    acks.add(1, 'renew');
    acks.add(2, 'renew');
    acks.add(2, 'release');
    acks.add(2, 'reject');
    expect(acks.takeRenewals()).toEqual([{ firstOffset: 1, lastOffset: 1, acknowledgeTypes: [4] }]);
    expect(acks.take()).toEqual([{ firstOffset: 2, lastOffset: 2, acknowledgeTypes: [3] }]);
  });
});
