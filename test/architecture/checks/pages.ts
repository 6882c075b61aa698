import { importParagraphs } from '../import-pages.ts';

const paragraphsOf = (page: string): string[] => page.split(/\n{2,}/).map((text) => text.trim());

/** Whether a paragraph speaks of what may be imported, as the table does. */
export function isAboutImports(paragraph: string): boolean {
  return /^(`[^`]+` )?may import\b/i.test(paragraph);
}

/**
 * Pages that claim of imports what the table does not, or keep silent about it.
 * @param pages every README.md by its path
 */
export function untruePages(
  pages: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string> = importParagraphs(),
): string[] {
  return [...pages].flatMap(([path, text]) => {
    const wanted = expected.get(path);
    const claims = paragraphsOf(text).filter(isAboutImports);
    const loose = paragraphsOf(text).filter(
      (paragraph) => !isAboutImports(paragraph) && /\bmay(?: only)? import\b/i.test(paragraph),
    );
    const found = [...claims, ...loose];
    if (wanted === undefined)
      return found.map((claim) => `${path} claims "${claim}"; the import table has no row of it`);
    if (claims.length === 1 && claims[0] === wanted && loose.length === 0) return [];
    return [`${path}: expected one paragraph on imports, "${wanted}", found "${found.join('" and "')}"`];
  });
}
