import { describe, expect, it } from 'vitest';
import { testNowMs } from '../../records/testing/batch-of.ts';
import { defaultLogConfig } from './log-config.ts';
import { deletableSegments } from './retention.ts';
import { append, smallConfig, testLog } from './testing/test-batches.ts';

const segments = [10, 20, 30, 40].map((endOffset) => ({
  sizeBytes: 100,
  endOffset,
  largestTimestampMs: () => endOffset * 1000,
}));
const keepAll = { ...defaultLogConfig, retentionMs: -1 };
const at = { nowMs: 50_000, highWatermark: 40, startOffset: 0 };

describe('retention', () => {
  it('counts the segments that may go', () => {
    const table: [string, Parameters<typeof deletableSegments>, number][] = [
      ['nothing without limits', [segments, keepAll, at], 0],
      ['the old ones', [segments, { ...keepAll, retentionMs: 25_000 }, at], 2],
      ['all when all are old', [segments, { ...keepAll, retentionMs: 0 }, at], 4],
      ['not above the high watermark', [segments, { ...keepAll, retentionMs: 0 }, { ...at, highWatermark: 25 }], 2],
      ['whole segments beyond the size', [segments, { ...keepAll, retentionBytes: 250 }, at], 1],
      ['exactly to the size', [segments, { ...keepAll, retentionBytes: 200 }, at], 2],
      ['those below the start', [segments, keepAll, { ...at, startOffset: 20 }], 2],
      [
        'only those below the start when compacted',
        [segments, { ...keepAll, retentionMs: 0, isDeleted: false }, { ...at, startOffset: 10 }],
        1,
      ],
      [
        'no empty last one',
        [[{ sizeBytes: 0, endOffset: 0, largestTimestampMs: () => 0 }], { ...keepAll, retentionMs: 0 }, at],
        0,
      ],
    ];
    for (const [name, args, expected] of table) expect(deletableSegments(...args), name).toBe(expected);
  });

  it('deletes by age, moves the start offset, and keeps it over a restart', () => {
    const { open, clock } = testLog({ ...smallConfig, retentionMs: 1000 });
    const log = open();
    for (let index = 0; index < 40; index++) {
      append(log, ['v'], { baseTimestamp: clock.now() });
      clock.advance(50);
    }
    const count = log.segmentCount;
    expect(log.enforceRetention(clock.now(), 40)).toBeGreaterThan(0);
    expect(log.segmentCount).toBeLessThan(count);
    expect(log.startOffset).toBe(log.segmentBaseOffsets[0]);
    expect(log.read(0, { maxBytes: 100, before: 40, atLeastOneBatch: true })).toMatchObject({
      ok: false,
      error: { code: 1 },
    });
    log.close({ clean: true });
    expect(open({ cleanShutdown: true }).startOffset).toBe(log.startOffset);
  });

  it('empties a log whose records are all too old, and its offsets go on', () => {
    const { open } = testLog({ ...smallConfig, retentionMs: 1000 });
    const log = open();
    for (let index = 0; index < 25; index++) append(log, ['v']);
    log.enforceRetention(testNowMs + 5000, 25);
    expect([log.startOffset, log.endOffset, log.sizeBytes, log.segmentCount]).toEqual([25, 25, 0, 1]);
    expect(append(log, ['v']).firstOffset).toBe(25);
    log.close({ clean: false });
    expect(open().startOffset).toBe(25);
  });
});
