const steps = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e4, 'k'],
] as const;

/** A count in at most five characters: `9,999`, `12.3k`, `4.56M`. */
export function formatCount(count: number): string {
  for (const [size, suffix] of steps) {
    if (count < size) continue;
    const scaled = count / (suffix === 'k' ? 1000 : size);
    return `${scaled < 10 ? scaled.toFixed(2) : scaled < 100 ? scaled.toFixed(1) : scaled.toFixed(0)}${suffix}`;
  }
  return count.toLocaleString('en-US');
}
