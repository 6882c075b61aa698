import type { ExpressionHost } from '../../engine/expressions/functions/fast-function.ts';

/** Clock and chance of the window, for previews. */
export const expressionHost: ExpressionHost = {
  clock: { now: () => Date.now() },
  random: { next: () => Math.random() },
};
