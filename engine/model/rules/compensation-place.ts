import { constructOf } from '../activity-catalog.ts';
import { childrenOf } from '../scopes.ts';
import { processRule } from './process-rule.ts';
import { nameOf } from './rule.ts';

/** A compensation stands in a scope, once, and is a branch of its own: nothing leads to it, and it leads to nothing of the main flow. */
export const compensationPlace = processRule('COMPENSATION_PLACE', function* (process, catalog) {
  const isOne = ({ type }: { readonly type: string }) => constructOf(catalog.get(type)) === 'compensation';
  for (const { id, name, parent } of Object.values(process.activities).filter(isOne)) {
    if (parent === undefined) {
      yield {
        activity: id,
        message: `${name} stands in no scope, so there is nothing that it undoes`,
        fix: 'Drag it into a Scope.',
      };
      continue;
    }
    const [first] = childrenOf(process, parent).filter(isOne);
    if (first && first.id !== id)
      yield {
        activity: id,
        message: `${nameOf(process, parent)} has another compensation, ${name}, besides ${first.name}`,
        fix: 'Delete one of them.',
      };
    const branch = new Set([id]);
    for (const at of branch) for (const { from, to } of process.transitions) if (from === at) branch.add(to);
    const mixed =
      process.transitions.find(({ from, to }) => branch.has(to) && !branch.has(from)) ??
      process.transitions.find(({ to }) => to === id);
    if (mixed)
      yield {
        transition: mixed.id,
        message: `The transition from ${nameOf(process, mixed.from)} leads into what ${name} begins, which runs when ${nameOf(process, parent)} is undone and never else`,
        fix: 'Delete the transition.',
      };
  }
});
