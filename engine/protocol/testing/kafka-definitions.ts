/** A field of Kafka's own message definitions. */
export interface JsonField {
  readonly name: string;
  readonly type: string;
  readonly versions?: string;
  readonly nullableVersions?: string;
  readonly taggedVersions?: string;
  readonly flexibleVersions?: string;
  readonly tag?: number;
  readonly default?: unknown;
  readonly fields?: readonly JsonField[];
}

export interface JsonMessage {
  readonly name: string;
  readonly apiKey?: number;
  readonly validVersions: string;
  readonly flexibleVersions: string;
  readonly fields: readonly JsonField[];
  readonly commonStructs?: readonly { readonly name: string; readonly fields: readonly JsonField[] }[];
}

export interface JsonApi {
  readonly key: number;
  readonly name: string;
  readonly min: number;
  /** Newest version that is announced. */
  readonly max: number;
  /** Newest version there is, where it is not stable yet. */
  readonly maxUnstable?: number;
  readonly advertisedMin?: number;
  readonly firstFlexible: number;
}

export interface JsonError {
  readonly code: number;
  readonly name: string;
  readonly retriable: boolean;
}

/**
 * What the schemas are compared with: Apache Kafka's definitions, of what is served here and of the rest (Apache-2.0). `kafka-definitions.json.gz`
 * holds them for a clone that has nothing beside it; `scripts/pack-kafka-definitions.ts` writes that file.
 */
export interface KafkaDefinitions {
  readonly messages: readonly JsonMessage[];
  readonly apis: readonly JsonApi[];
  readonly errors: readonly JsonError[];
}
