import { childrenOf } from '../scopes.ts';
import { processRule } from './process-rule.ts';
import { nameOf } from './rule.ts';

/** A catch stands in a scope, once, and begins a branch: no transition leads to it. */
export const catchPlace = processRule('CATCH_PLACE', function* (process, catalog) {
  const isCatch = ({ type }: { readonly type: string }) => catalog.get(type)?.kind === 'catch';
  for (const { id, name, parent } of Object.values(process.activities).filter(isCatch)) {
    if (parent === undefined) {
      yield {
        activity: id,
        message: `${name} stands in no scope, so it never catches anything`,
        fix: 'Drag it into a Scope.',
      };
      continue;
    }
    const [first] = childrenOf(process, parent).filter(isCatch);
    if (first && first.id !== id)
      yield {
        activity: id,
        message: `${nameOf(process, parent)} has another catch, ${name}, besides ${first.name}`,
        fix: 'Delete one of them.',
      };
    const incoming = process.transitions.find(({ to }) => to === id);
    if (incoming)
      yield {
        transition: incoming.id,
        message: `${name} begins when something in its scope fails: the transition from ${nameOf(process, incoming.from)} cannot lead to it`,
        fix: 'Delete the transition.',
      };
  }
});
