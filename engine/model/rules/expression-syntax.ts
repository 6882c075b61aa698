import type { Rule } from './rule.ts';
import { eachExpression } from './rule.ts';

/** Every expression must parse. */
export const expressionSyntax: Rule = {
  code: 'EXPRESSION_SYNTAX',
  *check(context) {
    for (const { text, place } of eachExpression(context)) {
      const analysis = context.analyse(text);
      if (!analysis.ok) yield { ...place, position: analysis.position, message: analysis.message };
    }
  },
};
