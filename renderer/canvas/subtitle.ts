import type { Activity } from '../../engine/model/document.ts';
import type { ActivityDeclaration } from '../../engine/spi/define-activity.ts';

/** The second line of a node: what it works on (topic, file) when that is set, else what it is. */
export function subtitleOf(activity: Activity, declaration: ActivityDeclaration | undefined): string {
  if (declaration === undefined) return `${activity.type} (not installed)`;
  for (const [name, field] of Object.entries(declaration.config)) {
    if (field.kind !== 'lookup' && field.kind !== 'file') continue;
    const value = activity.config[name];
    const text = Array.isArray(value) ? value.join(', ') : value;
    if (typeof text === 'string' && text !== '') return text;
  }
  // The name that it was given of itself says what it is; a copy that is called "Log 2" is still of that kind.
  const isOwnName = activity.name.replace(/ \d+$/, '') === declaration.title;
  return isOwnName ? declaration.group : declaration.title;
}
