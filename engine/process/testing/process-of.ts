import type { ActivityCatalog, ConstructKind, DeclaredActivity, DeclaredInput } from '../../model/activity-catalog.ts';
import type { Activity, Process, Transition, TransitionKind } from '../../model/document.ts';
import { anyType } from '../../model/value-type.ts';

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
  construct('each', 'scope', 'for-each', { items: {}, collect: { reads: 'inside' } }),
  construct('while', 'scope', 'while', { condition: { reads: 'loop' }, collect: { reads: 'inside' } }),
  construct('repeat', 'scope', 'repeat', { until: { reads: 'inside' }, collect: { reads: 'inside' } }),
  construct('retry', 'scope', 'repeat-on-error', { until: { reads: 'inside' } }),
  construct('lock', 'scope', 'critical-section'),
  construct('pick', 'scope', 'pick'),
  construct('undo', 'catch', 'compensation'),
  construct('compensate', 'activity', 'compensate'),
  construct('rethrow', 'activity', 'rethrow'),
  construct('exit', 'activity', 'exit'),
  construct('return', 'activity', 'return'),
  construct('call', 'activity', 'call'),
  construct('begin', 'starter', 'start'),
]);

function construct(
  name: string,
  kind: DeclaredActivity['kind'],
  of: ConstructKind,
  fields: Readonly<Record<string, Partial<DeclaredInput>>> = {},
): [string, DeclaredActivity] {
  const input = Object.fromEntries(
    Object.entries(fields).map(([field, parts]) => [field, { label: field, type: anyType, help: '', ...parts }]),
  );
  const type = `t.${name}`;
  return [type, { type, title: type, kind, construct: of, config: {}, input, output: anyType, openInput: true }];
}

/** The type of an activity by how its name begins: `each2` is a For each. */
function typeOf(id: string): string {
  const named = [...catalog.keys()].find(
    (type) => id.startsWith(type.slice(2)) && /^\d*$/.test(id.slice(type.length - 2)),
  );
  return named && !['t.start', 't.step', 't.scope'].includes(named) ? named : id === 'start' ? 't.start' : 't.step';
}

/** Time stands still and chance is none. */
export const host = { clock: { now: () => 0 }, random: { next: () => 0 } };

const kinds: Record<string, TransitionKind> = { '->': 'success', 'else>': 'otherwise', '!>': 'error' };

/**
 * A process from a few lines: `start -> a`, `a ?(start.n > 1)> b`, `a else> c`, `a !> d`; `off x` disables x; `s[a b catch]` puts a, b and
 * catch into the scope s. The starter is called start, names that begin with `catch` are catches, those that begin with the name of
 * another construct (`each`, `retry`) are that; `x.field = expression` maps, `x:setting = value` sets.
 */
export function processOf(text: string, id = 'p'): Process {
  const activities: Record<string, Activity> = {};
  const transitions: Transition[] = [];
  const change = (id: string, parts: Partial<Activity>) => {
    const type = id.startsWith('catch') ? 't.catch' : typeOf(id);
    activities[id] = { ...(activities[id] ?? { id, name: id, type, config: {}, input: {} }), ...parts };
  };
  for (const line of text.split(/[;\n]/).map((part) => part.trim())) {
    const wire = /^(\w+) (->|\?\((.*)\)>|else>|!>) (\w+)$/.exec(line);
    const scope = /^(\w+)\[(.*)\]$/.exec(line);
    const off = /^off (\w+)$/.exec(line);
    const map = /^(\w+)([.:])(\w+) = (.*)$/.exec(line);
    if (off) change(off[1]!, { disabled: true });
    else if (map) {
      const [, id, sign, field, value] = map as unknown as [string, string, string, string, string];
      change(id, {});
      const { input, config } = activities[id]!;
      change(
        id,
        sign === '.' ? { input: { ...input, [field]: value } } : { config: { ...config, [field]: JSON.parse(value) } },
      );
    } else if (scope) {
      change(scope[1]!, typeOf(scope[1]!) === 't.step' ? { type: 't.scope' } : {});
      for (const id of scope[2]!.split(' ').filter(Boolean)) change(id, { parent: scope[1]! });
    } else if (/^\w+$/.test(line)) change(line, {});
    else if (wire) {
      const [, from, arrow, condition, to] = wire as unknown as [string, string, string, string | undefined, string];
      for (const id of [from, to]) change(id, {});
      const kind = kinds[arrow] ?? 'condition';
      transitions.push({ id: `t${transitions.length}`, from, to, kind, ...(condition ? { condition } : {}) });
    } else if (line) throw new Error(line);
  }
  return { id, name: id, activities, transitions, layout: { positions: {} } };
}
