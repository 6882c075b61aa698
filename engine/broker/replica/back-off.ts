/** Wait after the n-th failure in a row (1, 2, ...): doubles from `minMs` up to `maxMs`. */
export function backOffMs(failures: number, bounds: { readonly minMs: number; readonly maxMs: number }): number {
  return Math.min(bounds.maxMs, bounds.minMs * 2 ** Math.min(Math.max(0, failures - 1), 20));
}
