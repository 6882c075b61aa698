import type {
  ConstructKind,
  DeclaredActivity,
  DeclaredInput,
  DeclaredKind,
  DeclaredPorts,
} from '../model/activity-catalog.ts';
import type { ValueType } from '../model/value-type.ts';
import type { ConfigFields, ConfigOf } from './fields.ts';
import type { EventAbility } from './runtime.ts';

/** One field of an activity's input; the user maps it with an expression. */
export type InputField = DeclaredInput;

/** A way in which an activity can fail: `error.code` on its error transition. */
export interface Fault {
  /** Stable: `KAFKA_SEND_FAILED`. */
  readonly code: string;
  readonly title: string;
  /** What to do about it, in one sentence. */
  readonly help: string;
}

/**
 * The one declaration of an activity or shared resource. Its form, validation, defaults, help, catalogue entry and docs come
 * from here. Pure data: it loads in the browser and in Node.
 */
export interface ActivityDeclaration<
  Fields extends ConfigFields = ConfigFields,
  Ability extends EventAbility = EventAbility,
> {
  /** `<group>.<name>`, the folder in palette/: `kafka.send-message`. */
  readonly type: string;
  /** Shown name: `SendMessage`. */
  readonly title: string;
  /** Heading in the palette: `Kafka`. */
  readonly group: string;
  readonly kind: DeclaredKind;
  /** Which construct of engine/process it is, when it has no runtime. */
  readonly construct?: ConstructKind;
  /** What it does, in one sentence. */
  readonly summary: string;
  /** More words to find it by in the palette's search. */
  readonly keywords: readonly string[];
  /** Id for a new activity of this type (`send`); a number is added when it is taken. */
  readonly suggestedId: string;
  readonly config: Fields;
  readonly input: Readonly<Record<string, InputField>>;
  /** The user adds input fields of his own. */
  readonly openInput?: boolean;
  /** Shape of the output; `input` when the output is the mapped input itself. Null type for resources. */
  readonly output: ValueType | 'input';
  /** Where input or output depend on the settings or on a schema of the project. */
  readonly ports?: DeclaredPorts;
  readonly faults: readonly Fault[];
  /** Of a starter: what its events offer. Of an activity: what it needs of the event of its job, and gets as `JobContext.event`. */
  readonly abilities?: readonly Ability[];
  readonly transaction?: NonNullable<DeclaredActivity['transaction']>;
  readonly isRepeatable?: boolean;
}

/** Declares an activity and keeps the types of its config fields. */
export function defineActivity<const Fields extends ConfigFields, const Ability extends EventAbility = never>(
  declaration: ActivityDeclaration<Fields, Ability>,
): ActivityDeclaration<Fields, Ability> {
  return declaration;
}

/** The config type of a declaration: `ConfigOfDeclaration<typeof sendMessage>`. */
export type ConfigOfDeclaration<D> =
  D extends ActivityDeclaration<infer Fields, EventAbility> ? ConfigOf<Fields> : never;
