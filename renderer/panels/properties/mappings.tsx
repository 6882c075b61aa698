import type { DeclaredInput } from '../../../engine/model/activity-catalog.ts';
import type { Activity, Process } from '../../../engine/model/document.ts';
import type { Problem } from '../../../engine/model/problem.ts';
import { MappingForm } from '../../editors/mapping-form.tsx';

interface MappingsProps {
  readonly process: Process;
  readonly activity: Activity;
  readonly fields: Readonly<Record<string, DeclaredInput>>;
  /** The user adds fields of his own. */
  readonly isOpen: boolean;
  readonly problems: readonly Problem[];
}

const times = [undefined, 'loop', 'inside'] as const;
const headings = { loop: 'Before each iteration', inside: 'After each iteration, over what was in it' } as const;

/** The mapper of an activity; of a loop one for each time at which its expressions are evaluated, as each reads other data. */
export function Mappings({ process, activity, fields, isOpen, problems }: MappingsProps) {
  const shown = times.filter(
    (reads) => Object.values(fields).some((field) => field.reads === reads) || (reads === undefined && isOpen),
  );
  return shown.map((reads) => (
    <section key={reads ?? 'input'} className="mappings" aria-label={reads === undefined ? 'Input' : headings[reads]}>
      {reads === undefined ? null : <h3 className="mappings-time">{headings[reads]}</h3>}
      <MappingForm process={process} activity={activity} reads={reads} problems={problems} />
    </section>
  ));
}
