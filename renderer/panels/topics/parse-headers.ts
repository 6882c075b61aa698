import type { Result } from '../../../engine/base/result.ts';
import { ok, refused } from '../../../engine/base/result.ts';

/** Reads headers written one a line as `name: value`. Order and repeats stay; empty lines do not count. */
export function parseHeaders(text: string): Result<readonly { key: string; value: string }[], string> {
  const headers: { key: string; value: string }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const at = line.indexOf(':');
    if (at < 1) return refused(`Line ${index + 1}: expected "name: value", found "${line.trim()}"`);
    headers.push({ key: line.slice(0, at).trim(), value: line.slice(at + 1).trim() });
  }
  return ok(headers);
}
