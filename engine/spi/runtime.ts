import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { ClusterAccess } from './cluster-access.ts';
import type { LookupKind } from './fields.ts';
import type { RecordPlace } from './record-place.ts';

/** Why an activity or a job failed, as data: what error transitions read as `error`. */
export interface JobError {
  /** Stable: a fault code of the activity, or one of the engine (`EXPRESSION_FAILED`). */
  readonly code: string;
  readonly message: string;
  /** Id of the activity that failed. */
  readonly activity: string;
  /** The process that it is of, when that was called. */
  readonly process?: string;
  /** Whether the same job may succeed when it is tried again. */
  readonly retriable: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
  /** The condition behind the activity that could not be evaluated. */
  readonly transition?: string;
  /** The starter, when it was its output that could not be read: a record that is not in the format that was declared. */
  readonly source?: string;
  /** The record that the job is about, where its starter is one of records. */
  readonly record?: RecordPlace;
}

/**
 * What an activity can do about the event that its job came of, besides letting the job end. The declaration of a starter says which of
 * these its events offer, that of an activity which it needs; a process whose starter does not offer them is not started.
 */
export interface EventAbilities {
  /** Answers whoever caused the event (an HTTP request). Rejects with ALREADY_REPLIED when it was answered before. */
  reply(output: unknown): Promise<void>;
}
export type EventAbility = keyof EventAbilities;

/** What an executing activity knows of its job. `Needed` is what its declaration needs of the event. */
export interface JobContext<Needed extends EventAbility = never> {
  readonly id: string;
  readonly process: string;
  readonly activity: string;
  /** Which execution of the job this is; an activity may be executed several times in one job. */
  readonly execution: number;
  /** Aborted when the job is given up, or this execution of it. */
  readonly signal: AbortSignal;
  /** Job variables by their resource: what activities of one job share. Those of a job that is spawned begin as a copy. */
  readonly variables: Map<unknown, unknown>;
  readonly event: Pick<EventAbilities, Needed>;
  /**
   * The transaction in which the starter acknowledges the event; undefined where it keeps none. What an activity does in it happens
   * together with that, once or not at all. Only activities of the same kind of system know what it is (`transaction` of a declaration).
   */
  readonly transaction?: unknown;
}

/** What the engine lends to runtimes. They use nothing else of the world, except what their own kind of thing needs (files, a client library). */
export interface RuntimeHost {
  /** Shown name of the activity or resource, for messages. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The opened shared resource with this id; asserts that it exists. */
  resource<T>(id: string): T;
  /** `host:port` list of the bundled cluster of this run; throws NO_CLUSTER when the run was given none. */
  clusterAddress(): string;
  /** How one gets into it; undefined where nobody has to prove anything. */
  clusterAccess(): ClusterAccess | undefined;
  /** Absolute path of a file in the project folder. Refuses (throws PATH_OUTSIDE_PROJECT) a path that leaves it. */
  resolvePath(path: string): string;
  /**
   * Compiles the text of a config field of kind `expression`. The function gives a value, or a promise where the interpreter is
   * needed. Throws an ExpressionError when the text does not parse.
   */
  compile(expression: string): (data: unknown) => unknown;
  readonly metrics: RuntimeMetrics;
  readonly state: RuntimeState;
}

/**
 * Small values that an activity or resource keeps from one run of its project to the next, by name: where a source has been read to. A
 * write is on the disk when it returns and takes milliseconds, so this is nothing for each record. Bounded (STATE_TOO_LARGE).
 */
export interface RuntimeState {
  get(name: string): JsonValue | undefined;
  /** Undefined removes it. */
  set(name: string, value: JsonValue | undefined): void;
}

/** Counters and gauges of one activity; names as in Prometheus (`records_sent_total`). */
export interface RuntimeMetrics {
  count(name: string, add?: number): void;
  gauge(name: string, value: number): void;
}

/** The Node implementation of an activity. */
export interface ActivityRuntime<C, Needed extends EventAbility = never> {
  readonly type: string;
  /** Called once per activity of a running process. Throws a MillraceError when it cannot work. */
  open(config: C, host: RuntimeHost): ActivityInstance<Needed> | Promise<ActivityInstance<Needed>>;
}

/** An activity that is ready to run. */
export interface ActivityInstance<Needed extends EventAbility = never> {
  /**
   * One execution. A plain value is a synchronous step and costs no promise; else a promise, or a `Later` for activities that end
   * very often. A throw is a failure: a MillraceError keeps its code.
   */
  execute(input: Readonly<Record<string, unknown>>, job: JobContext<Needed>): unknown;
  close?(): Promise<void>;
}

/** The Node implementation of a process starter. */
export interface StarterRuntime<C> {
  readonly type: string;
  open(config: C, host: RuntimeHost): StarterInstance | Promise<StarterInstance>;
}

/** A starter that is ready to create jobs. */
export interface StarterInstance {
  /** Begins to hand over events; resolves when it has begun. */
  start(sink: StarterSink): Promise<void>;
  /**
   * Stops taking new events; resolves when everything emitted is acknowledged or given back. May come while `start` is under way:
   * what `start` begins after that is ended too, and nothing is emitted any more.
   */
  stop(): Promise<void>;
  /**
   * Events whose jobs have ended but which it is not done with: they wait for another try, or are being put aside. Also not 0
   * while the starter cannot see its events, as in a group that has not assigned partitions yet. A run is not idle then.
   */
  readonly waiting?: number;
  /** Where an event came from, in a few words (`quakes[2] @ 1041`); asked only when someone looks at the job. */
  origin?(output: unknown): string;
  /** The record that an event is, for starters of topics. */
  record?(output: unknown): RecordPlace;
}

/** Where a starter hands over its events. */
export interface StarterSink {
  /** Hands over one event, which is always accepted; false = the flow limit is reached now: emit nothing more until onReady. */
  emit(event: StarterEvent): boolean;
  /** Called each time there is room again after `emit` said false. One callback; a later one replaces it. */
  onReady(callback: () => void): void;
  /** A starter with an end (a file) has emitted all it has. The process ends when its jobs are done. */
  finished(): void;
  /** The starter cannot go on; the process fails. */
  failed(error: Error): void;
}

/** One event, which becomes one job. */
export interface StarterEvent {
  readonly output: unknown;
  /** What the starter's declaration offers; left out when that is nothing. */
  readonly abilities?: Partial<EventAbilities>;
  /** The transaction in which it is acknowledged, for activities that can take part. */
  readonly transaction?: unknown;
  /**
   * Told exactly once how the job ended. The starter owns delivery: it acknowledges in order, after this. It answers what becomes
   * of a failed job; undefined when nothing does and the failure is final.
   */
  settle(outcome: JobOutcome): FailedJobFate | undefined;
}

/**
 * What a starter does about a failed job. `again`: its event is handed over once more, or given back to whoever comes next.
 * `aside`: it is skipped or kept elsewhere, as its settings say.
 */
export type FailedJobFate = 'again' | 'aside';

/**
 * How a job ended. Its output is its data at the end: the outputs of its activities by their ids, beside `job` and `properties`; of a
 * scope the outputs of what was in it.
 */
export type JobOutcome =
  | { readonly ok: true; readonly output?: unknown }
  | { readonly ok: false; readonly error: JobError };

/** The Node implementation of a shared resource. */
export interface ResourceRuntime<C> {
  readonly type: string;
  open(config: C, host: RuntimeHost): ResourceInstance | Promise<ResourceInstance>;
}

/** One of the things that a shared resource has: a topic of a cluster. */
export interface BrowsedThing {
  readonly name: string;
  /** A few words beside the name: `3 partitions`. */
  readonly note: string;
  /** One of the system's own, which is there but is not offered. */
  readonly isInternal: boolean;
}

/** An opened shared resource. */
export interface ResourceInstance {
  /** What `host.resource(id)` gives to activities. */
  readonly value: unknown;
  /** Whether what it stands for can be reached: a few words about what answered. Rejects with a MillraceError that says why not. */
  probe?(): Promise<string>;
  /** What it has of a kind, sorted by name: what a form offers in a lookup field. */
  browse?(what: LookupKind): Promise<readonly BrowsedThing[]>;
  close(): Promise<void>;
}
