import { constructOf } from '../activity-catalog.ts';
import type { Activity } from '../document.ts';
import { childrenOf } from '../scopes.ts';
import { processRule } from './process-rule.ts';
import type { Found } from './rule.ts';
import { nameOf } from './rule.ts';

/**
 * A catch begins a branch: no transition leads to it. Several may stand side by side, in a scope or at the top of the process, when each
 * takes other failures.
 */
export const catchPlace = processRule('CATCH_PLACE', function* (process, catalog) {
  const isCatch = ({ type }: Activity) => constructOf(catalog.get(type)) === 'catch';
  for (const activity of Object.values(process.activities).filter(isCatch)) {
    const { id, name, parent } = activity;
    const others = childrenOf(process, parent).filter((each) => isCatch(each) && each.disabled !== true);
    const before = others.slice(
      0,
      others.findIndex((each) => each.id === id),
    );
    if (activity.disabled !== true) yield* sameFailures(activity, before);
    const incoming = process.transitions.find(({ to }) => to === id);
    if (incoming)
      yield {
        transition: incoming.id,
        message: `${name} begins when something beside it fails: the transition from ${nameOf(process, incoming.from)} cannot lead to it`,
        fix: 'Delete the transition.',
      };
  }
});

function* sameFailures(activity: Activity, before: readonly Activity[]): Generator<Found> {
  const codes = catchCodes(activity);
  for (const other of before) {
    const taken = catchCodes(other);
    const same =
      codes.length === 0 && taken.length === 0 ? 'every failure' : codes.find((code) => taken.includes(code));
    if (same !== undefined)
      yield {
        activity: activity.id,
        field: 'config.codes',
        message: `${activity.name} and ${other.name} both catch ${same}, and only one of them ever runs`,
        fix: 'Give one of them other codes, or delete it.',
      };
  }
}

/** The codes of a catch, as they are written: with commas or spaces between them; none for every failure. */
export function catchCodes({ config }: Pick<Activity, 'config'>): readonly string[] {
  return typeof config.codes === 'string' ? config.codes.split(/[,\s]+/).filter((code) => code !== '') : [];
}
