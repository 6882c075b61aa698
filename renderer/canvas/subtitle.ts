import { constructOf } from '../../engine/model/activity-catalog.ts';
import type { Activity } from '../../engine/model/document.ts';
import type { ActivityDeclaration } from '../../engine/spi/define-activity.ts';

/** What a construct does with its settings, in a few words: `each of order.lines, 4 at a time`. Undefined for what is none. */
export function constructWords(activity: Activity, declaration: ActivityDeclaration | undefined): string | undefined {
  const { config, input } = activity;
  const text = (value: unknown, empty: string) => (typeof value === 'string' && value.trim() ? value.trim() : empty);
  const number = (name: string) => {
    const field = declaration?.config[name];
    const value = config[name] ?? (field?.kind === 'number' ? field.default : undefined);
    return typeof value === 'number' ? value : 0;
  };
  switch (declaration && constructOf(declaration)) {
    case 'for-each': {
      const parallel = number('parallel');
      return `each of ${text(input.items, '…')}${parallel > 1 ? `, ${parallel} at a time` : ''}`;
    }
    case 'while':
      return `while ${text(input.condition, '…')}`;
    case 'repeat':
      return `until ${text(input.until, '…')}`;
    case 'repeat-on-error':
      return `up to ${number('attempts')} tries`;
    case 'critical-section':
      return `lock ${text(config.lock, 'default')}`;
    case 'pick':
      return 'the first of its events';
    case 'catch':
      return text(config.codes, 'every failure');
    case 'call':
      return `${text(config.process, 'no process')}${config.mode === 'spawn' ? ', as a job of its own' : ''}`;
    case 'compensate':
      return text(config.scope, 'all that has completed');
    default:
      return undefined;
  }
}

/** The second line of a node: what it works on (topic, file) when that is set, else what it is. */
export function subtitleOf(activity: Activity, declaration: ActivityDeclaration | undefined): string {
  if (declaration === undefined) return `${activity.type} (not installed)`;
  const words = constructWords(activity, declaration);
  if (words !== undefined) return words;
  const fields = Object.entries(declaration.config);
  const hasPlace = fields.some(([, { kind }]) => kind === 'lookup' || kind === 'file');
  for (const [name, field] of fields) {
    if (field.kind !== 'lookup' && field.kind !== 'file' && (hasPlace || field.kind !== 'resource')) continue;
    const value = activity.config[name];
    const text = Array.isArray(value) ? value.join(', ') : value;
    if (typeof text === 'string' && text !== '') return text;
  }
  // The name that it was given of itself says what it is; a copy that is called "Log 2" is still of that kind.
  const isOwnName = activity.name.replace(/ \d+$/, '') === declaration.title;
  return isOwnName ? declaration.group : declaration.title;
}
