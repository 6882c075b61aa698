import { catchPlace } from './catch-place.ts';
import { parentCircle } from './parent-circle.ts';
import { parentMissing } from './parent-missing.ts';
import type { ProcessRule } from './process-rule.ts';
import { starterInScope } from './starter-in-scope.ts';
import { transitionCrossesScope } from './transition-crosses-scope.ts';

/** What must hold of the scopes of a process, for the problems list and before it is compiled. */
export const scopeRules: readonly ProcessRule[] = [
  parentMissing,
  parentCircle,
  transitionCrossesScope,
  starterInScope,
  catchPlace,
];
