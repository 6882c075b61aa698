import type { CompiledExpression } from '../expressions/compile-expression.ts';
import type { ActivityId, ProcessId, TransitionId } from '../model/document.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { CompiledInput } from './compile-input.ts';

/**
 * A process that is ready to run: a tree of scopes, tables by index, expressions compiled. Made once by compileProcess and never
 * changed; a job holds only its own data and a few bytes per activity and transition.
 */
export interface Plan {
  readonly processId: ProcessId;
  readonly name: string;
  /** All activities, those in scopes too, in the order of the document. */
  readonly activities: readonly PlannedActivity[];
  readonly indexOf: ReadonlyMap<ActivityId, number>;
  /** What stands in no scope. */
  readonly root: PlannedScope;
  /** Index of the process starter, which stands in the root. */
  readonly starter: number;
  /** Codes of the faults that reading the output of the starter can have: a record that is not what was declared. */
  readonly starterFaults: ReadonlySet<string>;
  /** Property values that expressions read as `properties`. */
  readonly properties: Readonly<Record<string, JsonValue>>;
}

/** Activities that run as one, with the transitions between them. Activities and transitions stand at their slots. */
export interface PlannedScope {
  /** Which construct runs it: a file of elements/. */
  readonly kind: 'root' | 'scope';
  readonly activities: readonly PlannedActivity[];
  readonly transitions: readonly PlannedTransition[];
  /** Slots of the activities that begin with the scope. In the root it is the starter that begins. */
  readonly begins: readonly number[];
  readonly catch: PlannedCatch | undefined;
  /** How a frame begins: what can never run is skipped already. */
  readonly initial: InitialState;
}

/** Where a scope goes on after a failure. */
export interface PlannedCatch {
  /** Slot of the catch. */
  readonly slot: number;
  /** By slot: whether it is the catch or transitions lead from the catch to it. */
  readonly branch: readonly boolean[];
}

/** The state of a frame before its first event; copied into each. Plain lists: typed arrays this short take ten times as long to copy. */
export interface InitialState {
  /** ActivityState by slot. */
  readonly activities: readonly number[];
  /** TransitionState by slot. */
  readonly transitions: readonly number[];
  /** Incoming transitions that are not decided yet, by slot of the activity. */
  readonly undecided: readonly number[];
}

/** An activity with everything that its execution and its leaving need. */
export interface PlannedActivity {
  /** Place in the plan's list. */
  readonly index: number;
  /** Place in the lists of its scope. */
  readonly slot: number;
  readonly id: ActivityId;
  readonly name: string;
  readonly type: string;
  readonly config: Readonly<Record<string, JsonValue>>;
  readonly isDisabled: boolean;
  readonly input: CompiledInput;
  /** What runs inside of it, when it is a scope. */
  readonly inside: PlannedScope | undefined;
  /** Slots of outgoing transitions by kind, in the order of the document. */
  readonly success: readonly number[];
  readonly conditions: readonly number[];
  readonly otherwise: readonly number[];
  readonly errors: readonly number[];
  /** All of them together. */
  readonly outgoing: readonly number[];
  /** Slots of the transitions that lead here. */
  readonly incoming: readonly number[];
  /** False when a condition needs the interpreter. */
  readonly hasSyncConditions: boolean;
}

/** A transition with its compiled condition. `from` and `to` are slots. */
export interface PlannedTransition {
  readonly slot: number;
  readonly id: TransitionId;
  readonly from: number;
  readonly to: number;
  readonly kind: 'success' | 'condition' | 'otherwise' | 'error';
  readonly condition: CompiledExpression | undefined;
}

/** Where an activity of a frame stands. `active`: executing, or its conditions are being evaluated. */
export const ActivityState = { waiting: 0, active: 1, completed: 2, failed: 3, skipped: 4 } as const;

/** Where a transition of a frame stands. */
export const TransitionState = { undecided: 0, taken: 1, dead: 2 } as const;
