import { ancestorsOf, scopeDepthMax } from '../scopes.ts';
import { processRule } from './process-rule.ts';

/** Scopes stand in one another `scopeDepthMax` deep at most: what is deeper cannot be drawn, and would not fit on the stack. */
export const scopeDepth = processRule('SCOPE_DEPTH', function* (process) {
  for (const { id, name } of Object.values(process.activities)) {
    const around = ancestorsOf(process, id);
    // Parents in a circle are a problem of their own.
    if (around.length <= scopeDepthMax || around.includes(id)) continue;
    yield {
      activity: id,
      message: `${name} stands in ${around.length} scopes that stand in one another; ${scopeDepthMax} are the most`,
      fix: 'Drag it out, or take one of the scopes away.',
    };
    return;
  }
});
