import type { JsonObject } from '../json-value.ts';

/** The kinds of file that carry a format number. */
export const fileKinds = ['project', 'process', 'layout', 'resource'] as const;
export type FileKind = (typeof fileKinds)[number];

/** Lifts one file from format `from` to `from + 1`. */
export interface Migration {
  readonly kind: FileKind;
  readonly from: number;
  up(file: JsonObject): JsonObject;
}
