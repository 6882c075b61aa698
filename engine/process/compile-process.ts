import type { Result } from '../base/result.ts';
import { ok, refused } from '../base/result.ts';
import type { CompiledExpression } from '../expressions/compile-expression.ts';
import { compileExpression } from '../expressions/compile-expression.ts';
import type { ExpressionHost } from '../expressions/functions/fast-function.ts';
import type { ActivityCatalog, DeclaredKind } from '../model/activity-catalog.ts';
import { constructOf } from '../model/activity-catalog.ts';
import type { Activity, ActivityId, Process, ProcessId, Transition } from '../model/document.ts';
import { fieldTypesOf } from '../model/field-types.ts';
import { findCycle } from '../model/graph.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { Problem } from '../model/problem.ts';
import { processRules } from '../model/rules/process-rules.ts';
import { childrenOf } from '../model/scopes.ts';
import { compileInput } from './compile-input.ts';
import { joinScope } from './join-scope.ts';
import type { Plan, PlannedActivity, PlannedScope, PlannedTransition, ProcessSignature } from './plan.ts';

/** What compiling needs besides the process. */
export interface CompileOptions {
  readonly catalog: ActivityCatalog;
  readonly host: ExpressionHost;
  /** Property values that expressions read as `properties`. */
  readonly properties: Readonly<Record<string, JsonValue>>;
  /** Settings of a construct with references replaced and defaults filled in; as they stand when left out. Throws what is wrong with them. */
  readonly settingsOf?: (activity: Activity) => Readonly<Record<string, unknown>>;
  /** Plans that calls find, by process; whoever compiles fills it before the first job. */
  readonly processes?: ReadonlyMap<ProcessId, Plan>;
  /** Index of the first activity: where the processes of a run before this one have ended. */
  readonly firstIndex?: number;
}

const noProcesses: ReadonlyMap<ProcessId, Plan> = new Map();

/** Activities and transitions of one process at most. */
const elementsMax = 65_535;

/** Makes the plan of a process. Refuses, with every problem found, what cannot run; rules that only warn are not asked here. */
export function compileProcess(process: Process, options: CompileOptions): Result<Plan, readonly Problem[]> {
  const compiler = new ProcessCompiler(process, options);
  const plan = compiler.compile();
  return compiler.problems.length || !plan ? refused(compiler.problems) : ok(plan);
}

const noSettings: Readonly<Record<string, unknown>> = {};

/** What goes into a process and comes out of it: it begins with a Start, which declares both. */
function signatureOf({ construct, settings }: PlannedActivity): ProcessSignature | undefined {
  if (construct !== 'start') return undefined;
  return { input: fieldTypesOf(settings.input), output: fieldTypesOf(settings.output) };
}

class ProcessCompiler {
  readonly problems: Problem[] = [];
  readonly #process: Process;
  readonly #options: CompileOptions;
  readonly #indexOf: ReadonlyMap<string, number>;
  /** Filled scope by scope. */
  readonly #activities: PlannedActivity[] = [];

  constructor(process: Process, options: CompileOptions) {
    this.#process = process;
    this.#options = options;
    this.#indexOf = new Map(Object.keys(process.activities).map((id, index) => [id, index]));
  }

  compile(): Plan | undefined {
    const starter = this.#starter();
    // What is not a tree of scopes cannot be walked as one.
    if (!this.#checkShape()) return undefined;
    const root = this.#scope(undefined);
    if (this.problems.length || starter === undefined) return undefined;
    return {
      processId: this.#process.id,
      name: this.#process.name,
      processes: this.#options.processes ?? noProcesses,
      signature: signatureOf(this.#activities[starter]!),
      activities: this.#activities,
      indexOf: this.#indexOf,
      root,
      starter,
      firstIndex: this.#options.firstIndex ?? 0,
      starterFaults: new Set(
        this.#options.catalog.get(this.#activities[starter]!.type)?.faults?.map(({ code }) => code),
      ),
      properties: this.#options.properties,
    };
  }

  #starter(): number | undefined {
    const starters = Object.values(this.#process.activities).filter((activity) => this.#kindOf(activity) === 'starter');
    if (starters.length === 1) return this.#indexOf.get(starters[0]!.id);
    this.#problem('STARTER_COUNT', `expected one process starter in ${this.#process.id}, but found ${starters.length}`);
    return undefined;
  }

  /** Whether the activities are a tree of scopes, each with transitions of its own. */
  #checkShape(): boolean {
    const cycle = findCycle(this.#process);
    if (cycle)
      this.#problem('CYCLE', `expected transitions without a circle, but found ${[...cycle, cycle[0]].join(' -> ')}`);
    const count = Math.max(this.#indexOf.size, this.#process.transitions.length);
    if (count > elementsMax)
      this.#problem(
        'PROCESS_TOO_LARGE',
        `expected at most ${elementsMax} activities and transitions, but found ${count}`,
      );
    for (const { id, from, to } of this.#process.transitions)
      for (const end of [from, to])
        if (!this.#indexOf.has(end))
          this.#problem('TRANSITION_END_MISSING', `expected an activity at both ends of ${id}, but found no ${end}`, {
            transition: id,
          });
    const before = this.problems.length;
    for (const { code, checkProcess } of processRules)
      for (const { message, ...where } of checkProcess(this.#process, this.#options.catalog))
        this.#problem(code, message, where);
    return this.problems.length === before;
  }

  /** The scope of an activity; the root for undefined. */
  #scope(id: ActivityId | undefined): PlannedScope {
    const members = childrenOf(this.#process, id);
    const slotOf = new Map(members.map((member, slot) => [member.id, slot]));
    const transitions = this.#process.transitions
      .filter(({ from, to }) => slotOf.has(from) && slotOf.has(to))
      .map((transition, slot) => this.#transition(transition, slot, slotOf));
    const activities = members.map((activity, slot) => this.#activity(activity, slot, transitions));
    for (const activity of activities) this.#activities[this.#indexOf.get(activity.id)!] = activity;
    const kind = id === undefined ? 'root' : this.#constructOf(this.#process.activities[id]!);
    const isStarter = ({ type }: PlannedActivity) => this.#options.catalog.get(type)?.kind === 'starter';
    return joinScope(kind ?? 'scope', this.#process.id, activities, transitions, isStarter);
  }

  #transition(transition: Transition, slot: number, slotOf: ReadonlyMap<ActivityId, number>): PlannedTransition {
    const { id, kind } = transition;
    const condition =
      kind === 'condition'
        ? this.#expression(transition.condition ?? '', { transition: id, field: 'condition' })
        : undefined;
    return {
      slot,
      process: this.#process.id,
      id,
      from: slotOf.get(transition.from)!,
      to: slotOf.get(transition.to)!,
      kind,
      condition,
    };
  }

  #activity(activity: Activity, slot: number, transitions: readonly PlannedTransition[]): PlannedActivity {
    const { id, name, type, config } = activity;
    if (!this.#options.catalog.has(type))
      this.#problem('UNKNOWN_ACTIVITY_TYPE', `expected an activity type of the palette for ${id}, but found ${type}`, {
        activity: id,
      });
    const outgoing = transitions.filter(({ from }) => from === slot);
    const slots = (kind: PlannedTransition['kind']): readonly number[] =>
      outgoing.filter((transition) => transition.kind === kind).map((transition) => transition.slot);
    const construct = this.#constructOf(activity);
    const { input, late } = this.#mapping(activity);
    return {
      index: (this.#options.firstIndex ?? 0) + this.#indexOf.get(id)!,
      process: this.#process.id,
      slot,
      id,
      name,
      type,
      config,
      isDisabled: activity.disabled === true,
      construct,
      settings: construct === undefined ? noSettings : (this.#options.settingsOf?.(activity) ?? config),
      input: compileInput(input),
      late,
      inside: this.#kindOf(activity) === 'scope' ? this.#scope(id) : undefined,
      success: slots('success'),
      conditions: slots('condition'),
      otherwise: slots('otherwise'),
      errors: slots('error'),
      outgoing: outgoing.map((transition) => transition.slot),
      incoming: transitions.filter(({ to }) => to === slot).map((transition) => transition.slot),
      hasSyncConditions: outgoing.every(({ condition }) => condition === undefined || condition.isSync),
    };
  }

  /** The expressions of an activity: those of its input, and those that a construct evaluates at a time of its own. */
  #mapping({ id, type, input: texts }: Activity) {
    const declared = this.#options.catalog.get(type)?.input ?? {};
    const [input, late] = [new Map<string, CompiledExpression>(), new Map<string, CompiledExpression>()];
    for (const [field, text] of Object.entries(texts)) {
      if (text.trim() === '') continue;
      const expression = this.#expression(text, { activity: id, field: `input.${field}` });
      if (expression) (declared[field]?.reads ? late : input).set(field, expression);
    }
    return { input, late };
  }

  #constructOf({ type }: Activity) {
    return constructOf(this.#options.catalog.get(type));
  }

  #kindOf({ type }: Activity): DeclaredKind | undefined {
    return this.#options.catalog.get(type)?.kind;
  }

  #expression(text: string, where: Partial<Problem>): CompiledExpression | undefined {
    const compiled = compileExpression(text, this.#options.host);
    if (compiled.ok) return compiled.value;
    this.#problem('EXPRESSION_SYNTAX', compiled.error.message, { ...where, position: compiled.error.position });
    return undefined;
  }

  #problem(code: string, message: string, where: Partial<Problem> = {}): void {
    this.problems.push({ severity: 'error', code, message, process: this.#process.id, ...where });
  }
}
