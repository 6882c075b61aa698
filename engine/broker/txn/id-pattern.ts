import { RE2JS } from 're2js';
import type { Result } from '../../base/result.ts';
import { ok, refused } from '../../base/result.ts';

/** What transactional ids match a pattern in RE2's syntax, as a whole; null and the empty one match all. Refused with what is wrong with it. */
export function idPattern(pattern: string | null): Result<(transactionalId: string) => boolean, string> {
  if (!pattern) return ok(() => true);
  try {
    const compiled = RE2JS.compile(pattern);
    return ok((transactionalId) => compiled.matches(transactionalId));
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
}
