/** What the rules need to know of an expression. engine/expressions provides it; it comes in as an argument. */
export type AnalyseExpression = (text: string) => ExpressionAnalysis;

/** A path that an expression reads of the job's data. */
export interface ExpressionReference {
  /** `['receive', 'value', 'id']` */
  readonly path: readonly string[];
  /** Where each name begins in the text, in characters from 0. */
  readonly positions: readonly number[];
}

/** What an expression reads, or why it does not parse. */
export type ExpressionAnalysis =
  | { readonly ok: true; readonly references: readonly ExpressionReference[] }
  | { readonly ok: false; readonly reason: string; readonly message: string; readonly position: number };
