import type { z } from 'zod';
import { parseJson } from './json-text.ts';
import { isJsonObject } from './json-value.ts';
import type { FileKind } from './migrations/migration.ts';
import { currentFormat, migrate } from './migrations/migrations.ts';
import type { ProjectProblem } from './problem.ts';

/** What a file must be. Files without a kind carry no format number. */
interface FileShape<S extends z.ZodType> {
  readonly kind?: FileKind;
  readonly schema: S;
}

/** Problems reported per file at most: a file that is something else altogether should not fill the screen. */
const problemsPerFileMax = 20;

/** Reads one file of a project: JSON, format number, migration, shape. Adds to `problems` and gives undefined when it cannot. */
export function readFile<S extends z.ZodType>(
  files: ReadonlyMap<string, string>,
  path: string,
  { kind, schema }: FileShape<S>,
  problems: ProjectProblem[],
): z.infer<S> | undefined {
  const text = files.get(path);
  if (text === undefined) {
    problems.push({
      code: 'FILE_MISSING',
      file: path,
      message: `expected the file ${path} in the project, but found none`,
    });
    return undefined;
  }
  const parsed = parseJson(text);
  if (!parsed.ok) {
    problems.push({ code: 'JSON_SYNTAX', file: path, ...parsed.error });
    return undefined;
  }
  const { value, locate } = parsed.value;
  if (kind && isJsonObject(value)) {
    const formatProblem = checkFormat(value.format, path);
    if (formatProblem) {
      problems.push({ ...formatProblem, ...locate(['format']) });
      return undefined;
    }
  }
  const shaped = schema.safeParse(kind && isJsonObject(value) ? migrate(kind, value) : value);
  if (shaped.success) return shaped.data;
  for (const issue of shaped.error.issues.slice(0, problemsPerFileMax)) {
    const where = issue.path.length ? `${issue.path.map(String).join('.')}: ` : '';
    problems.push({
      code: 'FILE_SHAPE',
      file: path,
      ...locate(issue.path),
      message: `${where}${lower(messageOf(issue))}`,
    });
  }
  return undefined;
}

/** Problems of a record's key lie one level deeper in zod. */
function messageOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
}

function lower(text: string): string {
  return text.replace(/^Invalid input: /, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

function checkFormat(format: unknown, path: string): ProjectProblem | undefined {
  if (typeof format !== 'number' || !Number.isInteger(format) || format < 1)
    return {
      code: 'FILE_SHAPE',
      file: path,
      message: `expected "format": ${currentFormat}, but found ${format === undefined ? 'none' : JSON.stringify(format)}`,
    };
  if (format <= currentFormat) return undefined;
  return {
    code: 'FORMAT_TOO_NEW',
    file: path,
    message: `expected format ${currentFormat} or older, but found ${format}: a newer Millrace wrote this file; update to open it`,
  };
}
