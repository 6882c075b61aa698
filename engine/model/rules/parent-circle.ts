import { isInside } from '../scopes.ts';
import { processRule } from './process-rule.ts';

/** A scope does not stand in itself, by way of whatever other scopes. */
export const parentCircle = processRule('PARENT_CIRCLE', function* (process) {
  const first = Object.values(process.activities).find(({ id }) => isInside(process, id, id));
  if (first)
    yield {
      activity: first.id,
      message: `${first.name} stands inside of itself`,
      fix: 'Delete parent of one of the scopes in the file of the process.',
    };
});
