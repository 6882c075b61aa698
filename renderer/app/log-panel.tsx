import { Button } from '../kit/button.tsx';
import { EmptyState } from '../kit/empty-state.tsx';
import { VirtualList } from '../kit/virtual-list.tsx';
import type { LogLine } from '../store/live-slice.ts';
import { useStudio } from '../store/use-studio.ts';

/** What the run logged, newest first. */
export function LogPanel() {
  const { log, clearLog } = useStudio((state) => ({ log: state.log, clearLog: state.clearLog }));
  if (log.length === 0)
    return (
      <EmptyState
        glyph="log"
        title="Nothing logged"
        hint="Lines of Log activities and of the engine are shown here while a process runs."
      />
    );
  return (
    <div className="log-panel">
      <div className="panel-tools">
        <Button look="quiet" glyph="trash" onClick={clearLog}>
          Clear
        </Button>
      </div>
      <VirtualList
        label="Log"
        items={log.toReversed()}
        keyOf={(line) => String(line.id)}
        rowHeight={24}
        renderRow={(line) => <LogRow line={line} />}
      />
    </div>
  );
}

function LogRow({ line }: { readonly line: LogLine }) {
  const fields = Object.entries(line.fields);
  return (
    <span className={`log-row log-${line.level}`}>
      <time>{clockTime(line.atMs)}</time>
      <b>{line.level}</b>
      <span className="log-message">{line.message}</span>
      {fields.length === 0 ? null : (
        <code>
          {fields
            .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
            .join(' ')}
        </code>
      )}
    </span>
  );
}

const timeFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** Local time of day with milliseconds. */
function clockTime(atMs: number): string {
  return `${timeFormat.format(atMs)}.${String(Math.floor(atMs % 1000)).padStart(3, '0')}`;
}
