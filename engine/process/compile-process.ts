import type { Result } from '../base/result.ts';
import { ok, refused } from '../base/result.ts';
import type { CompiledExpression } from '../expressions/compile-expression.ts';
import { compileExpression } from '../expressions/compile-expression.ts';
import type { ExpressionHost } from '../expressions/functions/fast-function.ts';
import type { ActivityCatalog } from '../model/activity-catalog.ts';
import type { Activity, Process, Transition } from '../model/document.ts';
import { findCycle } from '../model/graph.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { Problem } from '../model/problem.ts';
import { compileInput } from './compile-input.ts';
import { initialState } from './initial-state.ts';
import type { Plan, PlannedActivity, PlannedTransition } from './plan.ts';

/** What compiling needs besides the process. */
export interface CompileOptions {
  readonly catalog: ActivityCatalog;
  readonly host: ExpressionHost;
  /** Property values that expressions read as `properties`. */
  readonly properties: Readonly<Record<string, JsonValue>>;
}

/** Activities and transitions of one process at most. */
const elementsMax = 65_535;

/** Makes the plan of a process. Refuses, with every problem found, what cannot run; rules that only warn are not asked here. */
export function compileProcess(process: Process, options: CompileOptions): Result<Plan, readonly Problem[]> {
  const compiler = new ProcessCompiler(process, options);
  const plan = compiler.compile();
  return compiler.problems.length || !plan ? refused(compiler.problems) : ok(plan);
}

class ProcessCompiler {
  readonly problems: Problem[] = [];
  readonly #process: Process;
  readonly #options: CompileOptions;
  readonly #indexOf: ReadonlyMap<string, number>;

  constructor(process: Process, options: CompileOptions) {
    this.#process = process;
    this.#options = options;
    this.#indexOf = new Map(Object.keys(process.activities).map((id, index) => [id, index]));
  }

  compile(): Plan | undefined {
    const starter = this.#starter();
    this.#checkShape();
    const transitions = this.#process.transitions.map((transition, index) => this.#transition(transition, index));
    const activities = Object.values(this.#process.activities).map((activity, index) =>
      this.#activity(activity, index, transitions),
    );
    if (this.problems.length || starter === undefined) return undefined;
    return {
      processId: this.#process.id,
      name: this.#process.name,
      activities,
      transitions,
      indexOf: this.#indexOf,
      starter,
      starterFaults: new Set(this.#options.catalog.get(activities[starter]!.type)?.faults?.map(({ code }) => code)),
      properties: this.#options.properties,
      initial: initialState(activities, transitions, starter),
    };
  }

  #starter(): number | undefined {
    const starters = Object.values(this.#process.activities).filter(
      ({ type }) => this.#options.catalog.get(type)?.kind === 'starter',
    );
    if (starters.length === 1) return this.#indexOf.get(starters[0]!.id);
    this.#problem('STARTER_COUNT', `expected one process starter in ${this.#process.id}, but found ${starters.length}`);
    return undefined;
  }

  #checkShape(): void {
    const cycle = findCycle(this.#process);
    if (cycle)
      this.#problem('CYCLE', `expected transitions without a circle, but found ${[...cycle, cycle[0]].join(' -> ')}`);
    const count = Math.max(this.#indexOf.size, this.#process.transitions.length);
    if (count > elementsMax)
      this.#problem(
        'PROCESS_TOO_LARGE',
        `expected at most ${elementsMax} activities and transitions, but found ${count}`,
      );
  }

  #transition(transition: Transition, index: number): PlannedTransition {
    const { id, kind } = transition;
    const [from, to] = [transition.from, transition.to].map((end) => {
      const found = this.#indexOf.get(end);
      if (found === undefined)
        this.#problem('TRANSITION_END_MISSING', `expected an activity at both ends of ${id}, but found no ${end}`, {
          transition: id,
        });
      return found ?? 0;
    });
    const condition =
      kind === 'condition'
        ? this.#expression(transition.condition ?? '', { transition: id, field: 'condition' })
        : undefined;
    return { index, id, from: from!, to: to!, kind, condition };
  }

  #activity(activity: Activity, index: number, transitions: readonly PlannedTransition[]): PlannedActivity {
    const { id, name, type, config } = activity;
    if (!this.#options.catalog.has(type))
      this.#problem('UNKNOWN_ACTIVITY_TYPE', `expected an activity type of the palette for ${id}, but found ${type}`, {
        activity: id,
      });
    const fields = new Map<string, CompiledExpression>();
    for (const [field, text] of Object.entries(activity.input)) {
      if (text.trim() === '') continue;
      const expression = this.#expression(text, { activity: id, field: `input.${field}` });
      if (expression) fields.set(field, expression);
    }
    const outgoing = transitions.filter(({ from }) => from === index);
    const indices = (kind: PlannedTransition['kind']): readonly number[] =>
      outgoing.filter((transition) => transition.kind === kind).map((transition) => transition.index);
    return {
      index,
      id,
      name,
      type,
      config,
      isDisabled: activity.disabled === true,
      input: compileInput(fields),
      success: indices('success'),
      conditions: indices('condition'),
      otherwise: indices('otherwise'),
      errors: indices('error'),
      outgoing: outgoing.map((transition) => transition.index),
      incoming: transitions.filter(({ to }) => to === index).map((transition) => transition.index),
      hasSyncConditions: outgoing.every(({ condition }) => condition === undefined || condition.isSync),
    };
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
