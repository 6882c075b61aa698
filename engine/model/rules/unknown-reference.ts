import { constructOf } from '../activity-catalog.ts';
import type { Activity } from '../document.ts';
import type { ExpressionReference } from '../expression-analysis.ts';
import { upstreamOf } from '../graph.ts';
import { failuresBefore } from '../handled-failures.ts';
import { insideOf, portsOf } from '../ports.ts';
import { ancestorsOf } from '../scopes.ts';
import type { Found, PlacedExpression, Rule, RuleContext } from './rule.ts';
import { eachExpression, nameOf } from './rule.ts';

/**
 * An expression reads activities that run before it, in its scope and around it, `job` and `properties`, behind an error transition or
 * a catch also `error` and `errors`, and fields that these can have.
 */
export const unknownReference: Rule = {
  code: 'REFERENCE_UNKNOWN',
  *check(context) {
    for (const expression of eachExpression(context)) {
      const analysis = context.analyse(expression.text);
      // Settings are evaluated over data of their own.
      if (!analysis.ok || expression.kind === 'config') continue;
      const { process, activity, reads } = expression;
      const before = new Set(upstreamOf(process, activity, context.catalog, reads));
      if (expression.kind === 'condition') before.add(expression.activity);
      const seen = new Set<string>();
      for (const reference of analysis.references) {
        const found = check(reference, { expression, before, context });
        if (!found || seen.has(found.message)) continue;
        seen.add(found.message);
        yield { ...expression.place, ...found };
      }
    }
  },
};

interface Scope {
  readonly expression: PlacedExpression;
  /** Activities that have run when the expression is evaluated. */
  readonly before: ReadonlySet<string>;
  readonly context: RuleContext;
}

const jobFields = ['id', 'process'];

function check({ path, positions }: ExpressionReference, scope: Scope): Found | undefined {
  const [name, field] = path as [string, string | undefined];
  const { process } = scope.expression;
  const { project } = scope.context;
  const at = (index: number) => ({ position: positions[index] ?? 0 });
  if (name === 'job')
    return field && !jobFields.includes(field) ? { ...at(1), ...expected(jobFields, field, 'job') } : undefined;
  if (name === 'properties') {
    const names = Object.keys(project.properties);
    return field && !names.includes(field) ? { ...at(1), ...expected(names, field, 'properties') } : undefined;
  }
  if (name === 'error' || (name === 'errors' && !Object.hasOwn(process.activities, name)))
    return checkError({ path, positions }, scope);
  const activity = Object.hasOwn(process.activities, name) ? process.activities[name] : undefined;
  if (!activity) return { ...at(0), ...unknownName(name, scope.before) };
  if (!scope.before.has(name)) return { ...at(0), ...notBefore(name, scope) };
  const known = fieldsOf(activity, scope);
  if (!field || !known || known.includes(field)) return undefined;
  return { ...at(1), severity: 'warning', ...expected(known, field, name) };
}

/** Only what an error transition or a catch leads to can know what failed (J11, J16). */
function checkError({ path, positions }: ExpressionReference, { expression, context }: Scope): Found | undefined {
  const [name, field] = path as [string, string | undefined];
  const { process, activity } = expression;
  // What ends a Repeat on Error reads why it is repeated.
  const { type = '' } = process.activities[activity] ?? {};
  const isRetry = constructOf(context.catalog.get(type)) === 'repeat-on-error';
  if (expression.reads === 'inside' && isRetry && name === 'error') return undefined;
  const handled = failuresBefore(process, activity, context.catalog);
  if (handled.length === 0)
    return {
      ...{ severity: 'warning', position: positions[0] ?? 0 },
      message: `${name} is nothing here: no error transition leads to ${nameOf(process, activity)}`,
    };
  if (name === 'error' || field === undefined || handled.includes(field)) return undefined;
  return { severity: 'warning', position: positions[1] ?? 0, ...expected(handled, field, 'errors') };
}

function expected(known: readonly string[], found: string, owner: string): Found {
  return {
    message: `${owner} has no field ${found}; it has ${known.join(', ') || 'none'}`,
    ...suggestion(found, known),
  };
}

function unknownName(name: string, before: ReadonlySet<string>): Found {
  const names = [...before, 'job', 'properties', 'error'];
  return {
    message: `${name} is not known here: expressions read activities that ran before, job, properties and error`,
    ...suggestion(name, names),
  };
}

function notBefore(name: string, { expression: { activity, kind, process }, before }: Scope): Found {
  const reader = kind === 'condition' ? `the condition behind ${nameOf(process, activity)}` : nameOf(process, activity);
  const shown = process.activities[name]!.name;
  const around = ancestorsOf(process, name);
  const visible = around.findIndex((scope) => before.has(scope));
  const path = [...around.slice(0, visible + 1).reverse(), name].join('.');
  return {
    message: `${name} cannot be read here: ${shown} does not run before ${reader}`,
    fix:
      visible < 0
        ? `Lead transitions from ${shown} to it, or read another activity.`
        : `It stands in a scope: read it as ${path}.`,
  };
}

/** The fields of an activity's output, or undefined when it may have any. */
function fieldsOf(activity: Activity, { expression, context }: Scope): readonly string[] | undefined {
  const { catalog, project } = context;
  const { process } = expression;
  const sources = { process, processes: project.processes, catalog, schemas: project.schemas };
  const isAround = expression.reads !== undefined && expression.activity === activity.id;
  const isInIt = isAround || ancestorsOf(process, expression.activity).includes(activity.id);
  const output = (isInIt ? insideOf(activity, sources) : undefined) ?? portsOf(activity, sources)?.output;
  return output?.type === 'object' && !output.open ? Object.keys(output.properties) : undefined;
}

/** A known name that is spelt nearly the same. */
function suggestion(found: string, known: readonly string[]): { readonly fix?: string } {
  const near = known.find((name) => isNear(found.toLowerCase(), name.toLowerCase()));
  return near ? { fix: `Did you mean ${near}?` } : {};
}

/** One letter added, left out or changed, or two neighbours swapped. */
function isNear(a: string, b: string): boolean {
  if (a === b) return true;
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  if (restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1)) return true;
  return restA.slice(2) === restB.slice(2) && restA[0] === restB[1] && restA[1] === restB[0];
}
