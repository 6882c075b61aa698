import type { ActivityCatalog, DeclaredActivity } from '../../model/activity-catalog.ts';
import type { Activity, Process, Transition, TransitionKind } from '../../model/document.ts';

const declared = (type: string, kind: DeclaredActivity['kind']): [string, DeclaredActivity] => [
  type,
  { type, title: type, kind, config: {}, input: {}, output: { type: 'any' } },
];

/** The types of `processOf`. */
export const catalog: ActivityCatalog = new Map([
  declared('t.start', 'starter'),
  declared('t.step', 'activity'),
  declared('t.scope', 'scope'),
  declared('t.catch', 'catch'),
]);

/** Time stands still and chance is none. */
export const host = { clock: { now: () => 0 }, random: { next: () => 0 } };

const kinds: Record<string, TransitionKind> = { '->': 'success', 'else>': 'otherwise', '!>': 'error' };

/**
 * A process from a few lines: `start -> a`, `a ?(start.n > 1)> b`, `a else> c`, `a !> d`; `off x` disables x; `s[a b catch]` puts a, b and
 * catch into the scope s. The starter is called start, names that begin with `catch` are catches.
 */
export function processOf(text: string): Process {
  const activities: Record<string, Activity> = {};
  const transitions: Transition[] = [];
  const change = (id: string, parts: Partial<Activity>) => {
    const type = id === 'start' ? 't.start' : id.startsWith('catch') ? 't.catch' : 't.step';
    activities[id] = { ...(activities[id] ?? { id, name: id, type, config: {}, input: {} }), ...parts };
  };
  for (const line of text.split(/[;\n]/).map((part) => part.trim())) {
    const wire = /^(\w+) (->|\?\((.*)\)>|else>|!>) (\w+)$/.exec(line);
    const scope = /^(\w+)\[(.*)\]$/.exec(line);
    const off = /^off (\w+)$/.exec(line);
    if (off) change(off[1]!, { disabled: true });
    else if (scope) {
      change(scope[1]!, { type: 't.scope' });
      for (const id of scope[2]!.split(' ').filter(Boolean)) change(id, { parent: scope[1]! });
    } else if (/^\w+$/.test(line)) change(line, {});
    else if (wire) {
      const [, from, arrow, condition, to] = wire as unknown as [string, string, string, string | undefined, string];
      for (const id of [from, to]) change(id, {});
      const kind = kinds[arrow] ?? 'condition';
      transitions.push({ id: `t${transitions.length}`, from, to, kind, ...(condition ? { condition } : {}) });
    } else if (line) throw new Error(line);
  }
  return { id: 'p', name: 'p', activities, transitions, layout: { positions: {} } };
}
