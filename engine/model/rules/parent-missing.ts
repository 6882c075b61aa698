import { processRule } from './process-rule.ts';

/** What an activity stands in must be there, and must be a scope. */
export const parentMissing = processRule('PARENT_MISSING', function* (process, catalog) {
  for (const { id, name, parent } of Object.values(process.activities)) {
    if (parent === undefined) continue;
    const scope = Object.hasOwn(process.activities, parent) ? process.activities[parent] : undefined;
    if (scope && catalog.get(scope.type)?.kind === 'scope') continue;
    yield {
      activity: id,
      message: scope
        ? `${name} stands in ${scope.name}, which is no Scope`
        : `${name} stands in a scope ${parent}, which is not in ${process.name}`,
      fix: 'Drag it out, onto the canvas.',
    };
  }
});
