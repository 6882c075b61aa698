import type { ActivityCatalog, DeclaredInput } from '../activity-catalog.ts';
import type { Activity, Process, Project } from '../document.ts';
import type { AnalyseExpression } from '../expression-analysis.ts';
import type { Problem } from '../problem.ts';

/** What a rule may look at. */
export interface RuleContext {
  readonly project: Project;
  readonly catalog: ActivityCatalog;
  readonly analyse: AnalyseExpression;
}

/** One validation of a project: a file of this folder, listed in validate-project.ts. */
export interface Rule {
  /** Code of the problems it finds. */
  readonly code: string;
  check(context: RuleContext): Iterable<Found>;
}

/** A problem without what the rule itself adds. */
export type Found = Omit<Problem, 'code' | 'severity'> & { readonly severity?: Problem['severity'] };

/** Every activity of every process. */
export function* eachActivity(project: Project): Generator<{ readonly process: Process; readonly activity: Activity }> {
  for (const process of Object.values(project.processes))
    for (const activity of Object.values(process.activities)) yield { process, activity };
}

/** An activity's name as it stands on the canvas; its id when the process has none of that id. */
export function nameOf(process: Process, id: string): string {
  return (Object.hasOwn(process.activities, id) && process.activities[id]?.name) || id;
}

/** An expression of the document and where it stands. */
export interface PlacedExpression {
  readonly process: Process;
  readonly text: string;
  /** The activity whose input it maps, or whose setting it is; for a condition the activity in front of it. */
  readonly activity: string;
  readonly kind: 'input' | 'condition' | 'config';
  /** Of an input that a construct evaluates at a time of its own. */
  readonly reads?: DeclaredInput['reads'];
  /** For problems: process, activity or transition, field. */
  readonly place: Found;
}

/** Every expression of every process that is not blank: mappings, conditions, and settings of kind `expression`. */
export function* eachExpression({ project, catalog }: RuleContext): Generator<PlacedExpression> {
  for (const { process, activity } of eachActivity(project)) {
    const at = (field: string): Found => ({ message: '', process: process.id, activity: activity.id, field });
    for (const [name, text] of Object.entries(activity.input))
      if (text.trim()) {
        const reads = catalog.get(activity.type)?.input[name]?.reads;
        const place = at(`input.${name}`);
        yield { process, text, activity: activity.id, kind: 'input', place, ...(reads ? { reads } : {}) };
      }
    for (const [name, field] of Object.entries(catalog.get(activity.type)?.config ?? {})) {
      const text = activity.config[name];
      if (field.kind === 'expression' && typeof text === 'string' && text.trim())
        yield { process, text, activity: activity.id, kind: 'config', place: at(`config.${name}`) };
    }
  }
  for (const process of Object.values(project.processes))
    for (const { id, kind, condition = '', from } of process.transitions)
      if (kind === 'condition' && condition.trim())
        yield {
          process,
          text: condition,
          activity: from,
          kind: 'condition',
          place: { message: '', process: process.id, transition: id, field: 'condition' },
        };
}
