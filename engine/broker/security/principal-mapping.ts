/** How the name of a certificate becomes the name of a principal. */
type MappingRule =
  | { readonly kind: 'default' }
  | { readonly kind: 'rule'; readonly pattern: RegExp; readonly replacement: string; readonly letters: '' | 'L' | 'U' };

export type PrincipalMapping = readonly MappingRule[];

/** `DEFAULT` or `RULE:pattern/replacement/` and L or U; a slash in either is written with a backslash. */
const ruleForm = /^\s*(?:(DEFAULT)|RULE:((?:\\.|[^\\/])*)\/((?:\\.|[^\\/])*)\/([LU]?))\s*(?:,\s*|$)/;

/** The rules in a `ssl.principal.mapping.rules` setting; undefined where it cannot be read. */
export function principalMappingIn(text: string): PrincipalMapping | undefined {
  const rules: MappingRule[] = [];
  for (let rest = text; rest !== ''; ) {
    const match = ruleForm.exec(rest);
    const rule = ruleOf(match);
    if (!match || !rule) return undefined;
    rules.push(rule);
    rest = rest.slice(match[0].length);
  }
  return rules;
}

function ruleOf(match: RegExpExecArray | null): MappingRule | undefined {
  if (!match) return undefined;
  const [, standard, pattern = '', replacement = '', letters = ''] = match;
  if (standard !== undefined) return { kind: 'default' };
  try {
    return { kind: 'rule', pattern: new RegExp(`^(?:${pattern})$`), replacement, letters: letters as '' | 'L' | 'U' };
  } catch {
    return undefined;
  }
}

/** The name that a distinguished name gets by the first rule that is about all of it; undefined: by none, and there is no principal. */
export function mappedName(distinguishedName: string, mapping: PrincipalMapping): string | undefined {
  for (const rule of mapping) {
    if (rule.kind === 'default') return distinguishedName;
    const groups = rule.pattern.exec(distinguishedName);
    if (!groups) continue;
    const name = rule.replacement.replace(/\\(.)|\$(\d)/g, (_, literal: string | undefined, group: string) =>
      literal === undefined ? (groups[Number(group)] ?? '') : literal,
    );
    if (rule.letters === 'L') return name.toLowerCase();
    return rule.letters === 'U' ? name.toUpperCase() : name;
  }
  return undefined;
}
