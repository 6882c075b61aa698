import { messageOf } from '../../engine/base/errors.ts';
import { compileExpression } from '../../engine/expressions/compile-expression.ts';
import { expressionHost } from './expression-host.ts';

/** What an expression gives on the sample data. */
export type PreviewResult =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'error'; readonly message: string };

/** Job data to try expressions on. */
export type PreviewContext = Readonly<Record<string, unknown>>;

/** How previews are evaluated: in a worker of the window, or at once. */
export type EvaluatePreview = (text: string, context: PreviewContext) => Promise<PreviewResult>;

/** Evaluates an expression on sample data, on the thread that calls it; never rejects. */
export async function evaluatePreview(text: string, context: PreviewContext): Promise<PreviewResult> {
  const compiled = compileExpression(text, expressionHost);
  if (!compiled.ok) return { kind: 'error', message: compiled.error.message };
  try {
    const value = await compiled.value.evaluate(context);
    return value === undefined ? { kind: 'nothing' } : { kind: 'value', value };
  } catch (thrown) {
    return { kind: 'error', message: messageOf(thrown) };
  }
}
