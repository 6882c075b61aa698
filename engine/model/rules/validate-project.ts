import type { ActivityCatalog } from '../activity-catalog.ts';
import type { Project } from '../document.ts';
import type { AnalyseExpression, ExpressionAnalysis } from '../expression-analysis.ts';
import type { Problem } from '../problem.ts';
import { behindEnd } from './behind-end.ts';
import { calledProcessMissing } from './called-process-missing.ts';
import { conditionMissing } from './condition-missing.ts';
import { configOrder } from './config-order.ts';
import { cycle } from './cycle.ts';
import { duplicateId } from './duplicate-id.ts';
import { emptyScope } from './empty-scope.ts';
import { expressionSyntax } from './expression-syntax.ts';
import { invalidConfig } from './invalid-config.ts';
import { missingConfig } from './missing-config.ts';
import { missingInput } from './missing-input.ts';
import { missingResource } from './missing-resource.ts';
import { nothingToCompensate } from './nothing-to-compensate.ts';
import { nothingToRethrow } from './nothing-to-rethrow.ts';
import { otherwiseAlone } from './otherwise-alone.ts';
import { pickEvents } from './pick-events.ts';
import { processRules } from './process-rules.ts';
import type { Rule } from './rule.ts';
import { starterCount } from './starter-count.ts';
import { starterWithIncoming } from './starter-with-incoming.ts';
import { transitionEndMissing } from './transition-end-missing.ts';
import { unknownActivityType } from './unknown-activity-type.ts';
import { unknownInput } from './unknown-input.ts';
import { unknownProperty } from './unknown-property.ts';
import { unknownReference } from './unknown-reference.ts';
import { unreachableActivity } from './unreachable-activity.ts';

/** Every rule, one file each. */
export const rules: readonly Rule[] = [
  duplicateId,
  unknownActivityType,
  missingConfig,
  invalidConfig,
  configOrder,
  missingResource,
  unknownProperty,
  starterCount,
  starterWithIncoming,
  transitionEndMissing,
  cycle,
  ...processRules,
  emptyScope,
  pickEvents,
  behindEnd,
  nothingToRethrow,
  nothingToCompensate,
  calledProcessMissing,
  unreachableActivity,
  conditionMissing,
  otherwiseAlone,
  missingInput,
  unknownInput,
  expressionSyntax,
  unknownReference,
];

/**
 * Everything that is wrong in a project, errors first, then by process, activity and rule. `analyse` is `analyseExpression` of
 * engine/expressions; each text is analysed once per call.
 */
export function validateProject(
  project: Project,
  { catalog, analyse }: { readonly catalog: ActivityCatalog; readonly analyse: AnalyseExpression },
): readonly Problem[] {
  const known = new Map<string, ExpressionAnalysis>();
  const analyseOnce: AnalyseExpression = (text) => {
    const found = known.get(text) ?? analyse(text);
    known.set(text, found);
    return found;
  };
  const context = { project, catalog, analyse: analyseOnce };
  const problems = rules.flatMap((rule) =>
    [...rule.check(context)].map((found): Problem => ({ severity: 'error', ...found, code: rule.code })),
  );
  return problems.sort((a, b) => compare(sortKey(a), sortKey(b)));
}

function sortKey({ severity, process = '', activity = '' }: Problem): string {
  return [severity, process, activity].join('\u0000');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
