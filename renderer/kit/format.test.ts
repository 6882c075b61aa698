import { expect, it } from 'vitest';
import { formatBytes, formatCount } from './format-number.ts';
import { formatAgo, formatDuration, formatTime, formatTimeWithZone } from './format-time.ts';

it('writes how long ago something was', () => {
  const now = 1_000_000_000;
  expect([0, 999, 12_000, 90_000, 7_200_000, 200_000_000].map((ago) => formatAgo(now - ago, now))).toEqual([
    'now',
    'now',
    '12 s ago',
    '1 min ago',
    '2 h ago',
    '2 d ago',
  ]);
  expect(formatAgo(now + 5_000, now)).toBe('in 5 s');
  expect(formatTime(-1)).toBe('no time');
  expect(formatTimeWithZone(-1)).toBe('The producer gave no time');
  expect(formatTimeWithZone(8.64e15 + 2)).toBe('8640000000000002 ms after 1970, beyond the calendar');
});

it('writes numbers, sizes and durations', () => {
  expect(formatCount(1234567)).toBe('1,234,567');
  expect([0, 980, 1024, 1_500_000, 5 * 1024 ** 3].map(formatBytes)).toEqual([
    '0 B',
    '980 B',
    '1 KiB',
    '1.4 MiB',
    '5 GiB',
  ]);
  expect([0.42, 12, 3_210, 125_000].map(formatDuration)).toEqual(['0.4 ms', '12 ms', '3.2 s', '2 min 5 s']);
  expect([0, 0.02, 59_999, 119_600].map(formatDuration)).toEqual(['<0.1 ms', '<0.1 ms', '1 min 0 s', '2 min 0 s']);
});
