import type { CompiledCodec } from './compiled-codec.ts';
import type { Int64 } from './int64.ts';
import type { VersionRange } from './versions.ts';
import { noVersions, parseVersions } from './versions.ts';

export type ScalarKind =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'int64Clamped'
  | 'int64Wide'
  | 'float64'
  | 'uuid'
  | 'string'
  | 'bytes'
  | 'records';

/** Options of a field, as in Kafka's definitions. `tag` puts the field in the tag section of all its versions. */
export interface FieldOptions<T> {
  /** Versions in which null is allowed. */
  readonly nullable?: string;
  /** Value of the field where it is absent; without it 0, false, '', no bytes, no elements, the zero uuid. */
  readonly default?: T | null;
  readonly tag?: number;
  /** Versions in which the field is tagged, where they are fewer than the field's versions. */
  readonly tagged?: string;
  /** Most elements of an array that are read, where they are fewer than `arrayElementsMax`. */
  readonly elementsMax?: number;
  /** `none`: the field keeps the classic encoding in flexible versions too (client id of the request header). */
  readonly flexible?: 'none';
}

export type Element = { readonly kind: ScalarKind } | { readonly kind: 'struct'; readonly fields: Fields };

/** One field as data, plus (in types only) what it decodes to, what it is encoded from, and if it may be left out. */
export interface Field<Value = unknown, Input = unknown, Optional extends boolean = boolean> {
  readonly kind: ScalarKind | 'array' | 'struct';
  readonly versions: VersionRange;
  readonly nullable: VersionRange;
  readonly tagged: VersionRange;
  readonly tag: number;
  /** Explicit default; undefined where the kind's own default holds. */
  readonly defaultValue: unknown;
  readonly classic: boolean;
  readonly elementsMax: number | undefined;
  /** Element of an array; the struct itself for a struct. */
  readonly element: Element | null;
  readonly types?: { readonly value: Value; readonly input: Input; readonly optional: Optional };
}

export type Fields = { readonly [name: string]: Field };

export interface MessageMeta {
  readonly name: string;
  /** Api key of a request or response, record type of a metadata record, absent for plain data. */
  readonly key?: number;
  readonly versions: string;
  /** First flexible version (KIP-482) as `9+`, or `none`. */
  readonly flexible: string;
}

export interface MessageSchema<F extends Fields = Fields> {
  readonly name: string;
  /** -1 where the definition has none. */
  readonly key: number;
  readonly versions: VersionRange;
  readonly flexible: VersionRange;
  readonly fields: F;
  /** Codecs by version, filled by codec.ts at the first use. */
  readonly compiled: (CompiledCodec | undefined)[];
}

type NoOptions = Record<string, never>;
type Nullable<T, O> = O extends { readonly nullable: string } ? T | null : T;
/** A caller must give a field that every version carries and that has no default of its own. */
type MayOmit<V, O> = O extends { readonly default: unknown } | { readonly tag: number }
  ? true
  : V extends '0+'
    ? false
    : true;

type Simplify<T> = { [K in keyof T]: T[K] };
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a struct decodes to: every field present, absent ones with their default. */
export type StructOf<F extends Fields> = Mutable<{
  [K in keyof F]: F[K] extends Field<infer Value, unknown, boolean> ? Value : never;
}>;

type OptionalKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends Field<unknown, unknown, infer Optional> ? (true extends Optional ? K : never) : never;
}[keyof F];

/** What a struct is encoded from: fields with a default may be left out (or be undefined). */
export type StructInput<F extends Fields> = Simplify<
  {
    readonly [K in Exclude<keyof F, OptionalKeys<F>>]: F[K] extends Field<unknown, infer Input, boolean>
      ? Input
      : never;
  } & {
    readonly [K in OptionalKeys<F>]?: (F[K] extends Field<unknown, infer Input, boolean> ? Input : never) | undefined;
  }
>;

export type MessageOf<S extends MessageSchema> = StructOf<S['fields']>;
export type MessageInput<S extends MessageSchema> = StructInput<S['fields']>;

/** Value types of the scalars, by kind; `records` may be encoded from several buffers, e.g. slices of segments. */
interface ScalarValues {
  bool: boolean;
  int8: number;
  int16: number;
  uint16: number;
  int32: number;
  uint32: number;
  int64: number;
  int64Clamped: number;
  int64Wide: Int64;
  float64: number;
  uuid: string;
  string: string;
  bytes: Buffer;
  records: Buffer;
}
type ScalarInput<K extends ScalarKind> = K extends 'records'
  ? Buffer | readonly Buffer[]
  : K extends 'int64Clamped'
    ? Int64
    : ScalarValues[K];

function makeField(kind: Field['kind'], versions: string, options: FieldOptions<unknown>, element: Element | null) {
  const range = parseVersions(versions);
  const tag = options.tag ?? -1;
  const tagged = options.tagged === undefined ? range : parseVersions(options.tagged);
  return {
    kind,
    versions: range,
    nullable: options.nullable === undefined ? noVersions : parseVersions(options.nullable),
    tagged: tag === -1 ? noVersions : tagged,
    tag,
    defaultValue: options.default,
    classic: options.flexible === 'none',
    elementsMax: options.elementsMax,
    element,
  };
}

function scalar<K extends ScalarKind>(kind: K) {
  return <const V extends string, const O extends FieldOptions<ScalarValues[K]> = NoOptions>(
    versions: V,
    options?: O,
  ): Field<Nullable<ScalarValues[K], O>, Nullable<ScalarInput<K>, O>, MayOmit<V, O>> =>
    makeField(kind, versions, options ?? {}, null);
}

export const bool = scalar('bool');
export const int8 = scalar('int8');
export const int16 = scalar('int16');
export const uint16 = scalar('uint16');
export const int32 = scalar('int32');
export const uint32 = scalar('uint32');
/** A JavaScript number: what is written and read by this program itself. Beyond ±(2^53-1) it is refused. */
export const int64 = scalar('int64');
/** An int64 that a client chooses and that is only compared: read as the nearest number within ±(2^53-1). */
export const int64Clamped = scalar('int64Clamped');
/** An int64 that must come through exactly whatever it is: a number, or beyond ±(2^53-1) a bigint. */
export const int64Wide = scalar('int64Wide');
export const float64 = scalar('float64');
/** 22 characters of base64url, as Kafka prints it. */
export const uuid = scalar('uuid');
export const string = scalar('string');
export const bytes = scalar('bytes');
/** Record batches, passed through untouched. */
export const records = scalar('records');

/** Stands for Long.MAX_VALUE in defaults; such a value never goes over the wire. */
export const int64Max = Number.MAX_SAFE_INTEGER;

type ElementValue<E> = E extends ScalarKind ? ScalarValues[E] : E extends Fields ? StructOf<E> : never;
type ElementInput<E> = E extends ScalarKind ? ScalarValues[E] : E extends Fields ? StructInput<E> : never;

/** Array of a scalar kind (`array('0+', 'int32')`) or of structs (`array('0+', { ...fields })`). */
export function array<
  const V extends string,
  const E extends ScalarKind | Fields,
  const O extends FieldOptions<never> = NoOptions,
>(
  versions: V,
  element: E,
  options?: O,
): Field<Nullable<ElementValue<E>[], O>, Nullable<readonly ElementInput<E>[], O>, MayOmit<V, O>> {
  const of: Element = typeof element === 'string' ? { kind: element } : { kind: 'struct', fields: element };
  return makeField('array', versions, options ?? {}, of);
}

/** One nested struct. Without a `default: null` its default is a struct of defaults. */
export function struct<const V extends string, const F extends Fields, const O extends FieldOptions<never> = NoOptions>(
  versions: V,
  fields: F,
  options?: O,
): Field<Nullable<StructOf<F>, O>, Nullable<StructInput<F>, O>, MayOmit<V, O>> {
  return makeField('struct', versions, options ?? {}, { kind: 'struct', fields });
}

/** A message with all its versions; see README.md of this folder for how to read one. */
export function message<const F extends Fields>(meta: MessageMeta, fields: F): MessageSchema<F> {
  return {
    name: meta.name,
    key: meta.key ?? -1,
    versions: parseVersions(meta.versions),
    flexible: parseVersions(meta.flexible),
    fields,
    compiled: [],
  };
}
