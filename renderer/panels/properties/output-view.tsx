import type { Activity, Process } from '../../../engine/model/document.ts';
import type { ActivityDeclaration } from '../../../engine/spi/define-activity.ts';
import { TypeTree } from '../../editors/type-tree.tsx';

interface OutputViewProps {
  readonly process: Process;
  readonly activity: Activity;
  readonly declaration: ActivityDeclaration;
}

/** What later activities can read of this one, and how it can fail. */
export function OutputView({ process, activity, declaration }: OutputViewProps) {
  return (
    <>
      <p className="properties-summary">
        Later activities read it as <code>{activity.id}</code>.
      </p>
      <TypeTree process={process} activity={activity} />
      {declaration.faults.length === 0 ? null : (
        <section className="faults">
          <h3>Can fail with</h3>
          <dl>
            {declaration.faults.map((fault) => (
              <div key={fault.code}>
                <dt>
                  <code>{fault.code}</code>
                </dt>
                <dd>
                  {fault.title}. {fault.help}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </>
  );
}
