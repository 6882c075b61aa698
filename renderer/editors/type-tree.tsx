import type { Activity, Process } from '../../engine/model/document.ts';
import type { ValueType } from '../../engine/model/value-type.ts';
import type { ActivityDeclaration } from '../../engine/spi/define-activity.ts';

interface TypeTreeProps {
  readonly process: Process;
  readonly activity: Activity;
  readonly declaration: ActivityDeclaration;
}

/** The shape of an activity's output. */
export function TypeTree({ activity, declaration }: TypeTreeProps) {
  const type: ValueType =
    declaration.output === 'input'
      ? {
          type: 'object',
          properties: Object.fromEntries(Object.keys(activity.input).map((name) => [name, { type: 'any' }])),
        }
      : declaration.output;
  return <p>{type.type}</p>;
}
