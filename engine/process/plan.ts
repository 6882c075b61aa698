import type { CompiledExpression } from '../expressions/compile-expression.ts';
import type { ActivityId, ProcessId, TransitionId } from '../model/document.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { CompiledInput } from './compile-input.ts';

/**
 * A process that is ready to run: tables by index, expressions compiled. Made once by compileProcess and never changed; a job
 * holds only its own data and a few bytes per activity and transition.
 */
export interface Plan {
  readonly processId: ProcessId;
  readonly name: string;
  readonly activities: readonly PlannedActivity[];
  readonly transitions: readonly PlannedTransition[];
  readonly indexOf: ReadonlyMap<ActivityId, number>;
  /** Index of the process starter. */
  readonly starter: number;
  /** Codes of the faults that reading the output of the starter can have: a record that is not what was declared. */
  readonly starterFaults: ReadonlySet<string>;
  /** Property values that expressions read as `properties`. */
  readonly properties: Readonly<Record<string, JsonValue>>;
  /** How a job begins: activities that no path from the starter reaches are skipped already. */
  readonly initial: InitialState;
}

/** The state of a job before its first event; copied into each job. Plain lists: typed arrays this short take ten times as long to copy. */
export interface InitialState {
  /** ActivityState by activity index. */
  readonly activities: readonly number[];
  /** TransitionState by transition index. */
  readonly transitions: readonly number[];
  /** Incoming transitions that are not decided yet, by activity index. */
  readonly undecided: readonly number[];
}

/** An activity with everything that its execution and its leaving need. */
export interface PlannedActivity {
  readonly index: number;
  readonly id: ActivityId;
  readonly name: string;
  readonly type: string;
  readonly config: Readonly<Record<string, JsonValue>>;
  readonly isDisabled: boolean;
  readonly input: CompiledInput;
  /** Indices of outgoing transitions by kind, in the order of the document. */
  readonly success: readonly number[];
  readonly conditions: readonly number[];
  readonly otherwise: readonly number[];
  readonly errors: readonly number[];
  /** All of them together. */
  readonly outgoing: readonly number[];
  /** Indices of the transitions that lead here. */
  readonly incoming: readonly number[];
  /** False when a condition needs the interpreter. */
  readonly hasSyncConditions: boolean;
}

/** A transition with its compiled condition. */
export interface PlannedTransition {
  readonly index: number;
  readonly id: TransitionId;
  readonly from: number;
  readonly to: number;
  readonly kind: 'success' | 'condition' | 'otherwise' | 'error';
  readonly condition: CompiledExpression | undefined;
}

/** Where an activity of a job stands. `active`: executing, or its conditions are being evaluated. */
export const ActivityState = { waiting: 0, active: 1, completed: 2, failed: 3, skipped: 4 } as const;

/** Where a transition of a job stands. */
export const TransitionState = { undecided: 0, taken: 1, dead: 2 } as const;
