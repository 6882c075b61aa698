import type { CompiledExpression } from '../expressions/compile-expression.ts';
import type { ConstructKind } from '../model/activity-catalog.ts';
import type { ActivityId, ProcessId, TransitionId } from '../model/document.ts';
import type { FieldTypes } from '../model/field-types.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { CompiledInput } from './compile-input.ts';

/**
 * A process that is ready to run: a tree of scopes, tables by index, expressions compiled. Made once by compileProcess and never
 * changed; a job holds only its own data and a few bytes per activity and transition.
 */
export interface Plan {
  readonly processId: ProcessId;
  readonly name: string;
  /** Plans of the processes that can be called, this one perhaps among them, by id. Filled before the first job. */
  readonly processes: ReadonlyMap<ProcessId, Plan>;
  /** What a caller gives and gets, when this process begins with a Start. */
  readonly signature: ProcessSignature | undefined;
  /** All activities, those in scopes too, in the order of the document. */
  readonly activities: readonly PlannedActivity[];
  readonly indexOf: ReadonlyMap<ActivityId, number>;
  /** What stands in no scope. */
  readonly root: PlannedScope;
  /** Place in `activities` of the process starter, which stands in the root. */
  readonly starter: number;
  /** Index of the first activity; those of the other processes of a run have other ones. */
  readonly firstIndex: number;
  /** Codes of the faults that reading the output of the starter can have: a record that is not what was declared. */
  readonly starterFaults: ReadonlySet<string>;
  /** Property values that expressions read as `properties`. */
  readonly properties: Readonly<Record<string, JsonValue>>;
}

/** What goes into a process that is called and what comes out of it, field by field; empty when anything may. */
export interface ProcessSignature {
  readonly input: FieldTypes;
  readonly output: FieldTypes;
}

/** Activities that run as one, with the transitions between them. Activities and transitions stand at their slots. */
export interface PlannedScope {
  /** Which construct runs it: a file of elements/. The root is what stands in no scope. */
  readonly kind: 'root' | ConstructKind;
  readonly process: ProcessId;
  /** A Pick: kept beside the kind because every completion looks at it. */
  readonly isPick: boolean;
  readonly activities: readonly PlannedActivity[];
  readonly transitions: readonly PlannedTransition[];
  /** Slots of the activities that begin with the scope. In the root it is the starter that begins. */
  readonly begins: readonly number[];
  /** The most specific first, as they are asked. */
  readonly catches: readonly PlannedCatch[];
  /** By slot: whether it is a catch or transitions lead from one to it. */
  readonly behindCatch: readonly boolean[];
  /** Slot of what undoes the scope. */
  readonly compensation: number | undefined;
  /** How a frame begins: what can never run is skipped already. */
  readonly initial: InitialState;
}

/** Where a scope goes on after a failure. */
export interface PlannedCatch {
  readonly slot: number;
  /** Codes that it takes, `*` at the end of one stands for any rest; none for every failure. */
  readonly codes: readonly string[];
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
  /** Place in the plan's list, counted from the plan's `firstIndex`: no two activities of the processes of a run have the same. */
  readonly index: number;
  readonly process: ProcessId;
  /** Place in the lists of its scope. */
  readonly slot: number;
  readonly id: ActivityId;
  readonly name: string;
  readonly type: string;
  readonly config: Readonly<Record<string, JsonValue>>;
  /** What the engine itself executes; undefined for what has a runtime. */
  readonly construct: ConstructKind | undefined;
  /** Settings of a construct: references replaced, defaults filled in. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Expressions that a construct evaluates at another time than when it begins, by field. */
  readonly late: ReadonlyMap<string, CompiledExpression>;
  readonly isDisabled: boolean;
  readonly input: CompiledInput;
  /** What runs inside of it, when it is a kind of scope. */
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
  readonly process: ProcessId;
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
