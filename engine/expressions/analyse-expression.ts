import type { ExpressionAnalysis } from '../model/expression-analysis.ts';
import { findReferences } from './references.ts';
import { parseExpression } from './syntax.ts';

/** What an expression reads, or why it does not parse: what validateProject and the editors ask. */
export function analyseExpression(text: string): ExpressionAnalysis {
  const parsed = parseExpression(text);
  if (parsed.ok) return { ok: true, references: findReferences(parsed.value.tree, text) };
  const { reason, message, position } = parsed.error;
  return { ok: false, reason, message, position };
}
