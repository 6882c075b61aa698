import type { JsonValue } from './json-value.ts';

/** File name of a process without its ending: `triage` for `processes/triage.process.json`. */
export type ProcessId = string;
/** Identifier of an activity inside its process, and the name by which expressions read its output. */
export type ActivityId = string;
/** Identifier of a transition inside its process. */
export type TransitionId = string;
/** File name of a shared resource without its endings: `orders-cluster` for `resources/orders-cluster.kafka.json`. */
export type ResourceId = string;

/**
 * A project: a folder of small files, held as plain data. Nothing here is ever changed in place; edits make a new document
 * that shares what stayed the same. Fields that this version does not know stay on the objects and are written back.
 */
export interface Project {
  /** Format number of the project file. */
  readonly format: number;
  readonly name: string;
  /** Version of the project itself, as its author counts: `1.0.0`. */
  readonly version: string;
  readonly description?: string;
  readonly properties: Readonly<Record<string, PropertyDefinition>>;
  readonly processes: Readonly<Record<ProcessId, Process>>;
  readonly resources: Readonly<Record<ResourceId, Resource>>;
  /** Property values per profile (`dev`, `prod`), as text. */
  readonly profiles: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Text of each file in `schemas/`, by file name. */
  readonly schemas: Readonly<Record<string, string>>;
  /** Text of each file in `tests/`, by file name. */
  readonly tests: Readonly<Record<string, string>>;
}

/** A value that differs between environments. Config fields read it as `${property:NAME}`, expressions as `properties.NAME`. */
export interface PropertyDefinition {
  readonly type: 'string' | 'number' | 'boolean';
  /** Taken when neither `--set` nor the profile gives a value. */
  readonly default?: string | number | boolean;
  readonly description?: string;
}

/** One flow, drawn on one canvas. */
export interface Process {
  readonly id: ProcessId;
  readonly name: string;
  readonly description?: string;
  readonly activities: Readonly<Record<ActivityId, Activity>>;
  readonly transitions: readonly Transition[];
  readonly layout: ProcessLayout;
}

/** One step of a process. */
export interface Activity {
  readonly id: ActivityId;
  /** Shown name, free text. */
  readonly name: string;
  /** Palette type: `kafka.send-message`. */
  readonly type: string;
  readonly config: Readonly<Record<string, JsonValue>>;
  /** Expression text per input field. */
  readonly input: Readonly<Record<string, string>>;
  /** A disabled activity is passed over: its success transitions are taken and it has no output. */
  readonly disabled?: boolean;
  /** The scope that it stands in; left out at the top of the process. Transitions never lead into or out of a scope. */
  readonly parent?: ActivityId;
}

/** When a transition is taken. */
export type TransitionKind = 'success' | 'condition' | 'otherwise' | 'error';

/** A wire between two activities of one process. */
export interface Transition {
  readonly id: TransitionId;
  readonly from: ActivityId;
  readonly to: ActivityId;
  readonly kind: TransitionKind;
  /** Expression text; only for kind `condition`. */
  readonly condition?: string;
  readonly name?: string;
}

/** A named connection or definition that activities share. */
export interface Resource {
  readonly id: ResourceId;
  /** Palette type: `kafka.connection`. */
  readonly type: string;
  readonly name: string;
  readonly description?: string;
  readonly config: Readonly<Record<string, JsonValue>>;
}

/** Where things stand on the canvas, in pixels at zoom 1; kept in a file of its own so that moving a node changes no semantics. */
export interface ProcessLayout {
  /** Of an activity in a scope: from the scope's left upper corner. */
  readonly positions: Readonly<Record<ActivityId, Position>>;
  /** Scopes that are drawn closed, as one node. */
  readonly collapsed?: readonly ActivityId[];
  readonly notes?: readonly Note[];
  readonly colors?: Readonly<Record<ActivityId, string>>;
}

/** Left upper corner of a node. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/** A sticky note on the canvas; the text is Markdown. */
export interface Note {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width?: number;
  readonly height?: number;
  readonly text: string;
}

/** What an activity id looks like: an identifier, so that expressions can say `receive.value`. */
export const activityIdPattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Names that the job's data uses itself; no activity may be called so. */
export const reservedActivityIds: readonly string[] = [
  'job',
  'properties',
  'error',
  'and',
  'or',
  'in',
  'true',
  'false',
  'null',
  '__proto__',
  'constructor',
];

/** What the id of a process, resource or profile looks like: it is a file name on every system. */
export const fileIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
