import { catalog } from '../../palette/catalog.ts';
import { BundleError } from '../bundle/bundle-error.ts';
import { analyseExpression } from '../expressions/analyse-expression.ts';
import type { Project } from '../model/document.ts';
import type { Problem } from '../model/problem.ts';
import { validateProject } from '../model/rules/validate-project.ts';

/** Everything that is wrong in a project, errors first. */
export function projectProblems(project: Project): readonly Problem[] {
  return validateProject(project, { catalog, analyse: analyseExpression });
}

/** `error  triage/alert input.value: ... (fix)`, one line. */
export function describeProblem({
  severity,
  message,
  process,
  activity,
  transition,
  resource,
  field,
  fix,
}: Problem): string {
  const place = [process ?? resource, activity ?? transition].filter((name) => name !== undefined).join('/');
  const where = [place, field].filter((name) => name !== undefined && name !== '').join(' ');
  return `${severity.padEnd(7)} ${where ? `${where}: ` : ''}${message}${fix ? ` (${fix})` : ''}`;
}

/** Throws PROJECT_INVALID, with every problem in details, when a project has errors. */
export function refuseInvalid(project: Project): void {
  const errors = projectProblems(project).filter(({ severity }) => severity === 'error');
  if (!errors.length) return;
  const [first] = errors;
  const more = errors.length > 1 ? `, and ${errors.length - 1} more; millrace validate lists them` : '';
  throw new BundleError(
    'PROJECT_INVALID',
    `${project.name}: ${describeProblem(first!).replace(/^error +/, '')}${more}`,
    {
      details: { problems: errors },
    },
  );
}
