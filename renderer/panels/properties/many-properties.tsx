import { deleteSelection } from '../../commands/delete-selection.ts';
import { duplicate } from '../../commands/duplicate.ts';
import { runCommand } from '../../commands/run-command.ts';
import { toggleDisabled } from '../../commands/toggle-disabled.ts';
import { Button } from '../../kit/button.tsx';
import { useStudioStore } from '../../store/use-studio.ts';

interface ManyPropertiesProps {
  readonly activities: number;
  readonly transitions: number;
}

/** What can be done with several things at once. */
export function ManyProperties({ activities, transitions }: ManyPropertiesProps) {
  const store = useStudioStore();
  const parts = [countOf(activities, 'activity', 'activities'), countOf(transitions, 'wire', 'wires')].filter(Boolean);
  return (
    <>
      <header className="panel-head">
        <h2>{parts.join(' and ')} selected</h2>
      </header>
      <div className="properties-body many-actions">
        {[duplicate, toggleDisabled, deleteSelection].map((command) => (
          <Button
            key={command.id}
            disabled={!command.canRun(store.getState())}
            look={command === deleteSelection ? 'danger' : 'plain'}
            onClick={() => runCommand(store, command)}
          >
            {command.title}
          </Button>
        ))}
      </div>
    </>
  );
}

function countOf(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`;
}
