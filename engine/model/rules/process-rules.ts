import { catchPlace } from './catch-place.ts';
import { compensationPlace } from './compensation-place.ts';
import { eventAbilityMissing } from './event-ability-missing.ts';
import { outsideTransaction } from './outside-transaction.ts';
import { parentCircle } from './parent-circle.ts';
import { parentMissing } from './parent-missing.ts';
import type { ProcessRule } from './process-rule.ts';
import { scopeDepth } from './scope-depth.ts';
import { starterInScope } from './starter-in-scope.ts';
import { transitionCrossesScope } from './transition-crosses-scope.ts';

/** What must hold of a process alone, for the problems list and before it is compiled. */
export const processRules: readonly ProcessRule[] = [
  parentMissing,
  parentCircle,
  scopeDepth,
  transitionCrossesScope,
  starterInScope,
  catchPlace,
  compensationPlace,
  eventAbilityMissing,
  outsideTransaction,
];
