import { parentOf } from '../scopes.ts';
import { processRule } from './process-rule.ts';
import { nameOf } from './rule.ts';

/** A transition stays in one scope: a scope is entered and left as a whole. */
export const transitionCrossesScope = processRule('TRANSITION_CROSSES_SCOPE', function* (process) {
  for (const { id, from, to } of process.transitions) {
    if (!Object.hasOwn(process.activities, from) || !Object.hasOwn(process.activities, to)) continue;
    if (parentOf(process, from) === parentOf(process, to)) continue;
    yield {
      transition: id,
      message: `The transition from ${nameOf(process, from)} to ${nameOf(process, to)} crosses the border of a scope`,
      fix: 'Lead it to or from the scope itself.',
    };
  }
});
