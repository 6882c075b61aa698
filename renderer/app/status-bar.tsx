import { StatusDot } from '../kit/badge.tsx';
import { Glyph } from '../kit/glyph.tsx';
import { clusterLine } from '../store/cluster-words.ts';
import { useStudio } from '../store/use-studio.ts';

/** The line at the foot of the window: cluster, connection, problems. */
export function StatusBar() {
  const { cluster, connection, show, selected } = useStudio((state) => ({
    cluster: state.cluster,
    connection: state.connection,
    show: state.show,
    selected: state.selection.activities.length + state.selection.transitions.length,
  }));
  const problems = useStudio((state) => state.problems);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const line = clusterLine({ cluster, connection });
  return (
    <footer className="status-bar">
      <button
        type="button"
        className="status-item"
        data-testid="cluster-status"
        data-state={connection === 'open' ? cluster.state : 'unknown'}
        onClick={() => show({ view: 'design', bottom: 'cluster' })}
      >
        <StatusDot tone={line.tone} pulse={line.isOnTheWay} />
        {line.text}
      </button>
      <ConnectionTrouble connection={connection} />
      <span className="status-gap" />
      {selected === 0 ? null : <span className="status-item">{selected} selected</span>}
      <button type="button" className="status-item" onClick={() => show({ view: 'design', bottom: 'problems' })}>
        <Glyph name={errors > 0 ? 'error' : problems.length > 0 ? 'warning' : 'check'} size={13} />
        {problems.length === 0
          ? 'No problems'
          : `${countOf(errors, 'error')}, ${countOf(problems.length - errors, 'warning')}`}
      </button>
    </footer>
  );
}

/** Why the window shows no news, and what to do. */
function ConnectionTrouble({ connection }: { readonly connection: 'connecting' | 'open' | 'lost' | 'refused' }) {
  if (connection !== 'lost' && connection !== 'refused') return null;
  return (
    <span className="status-item is-danger" role="alert">
      <Glyph name="warning" size={13} />
      {connection === 'lost'
        ? 'The studio does not answer; trying again. If it has ended, start Millrace again. Your changes stay in this window.'
        : 'The studio of this page has ended: open the address that the new one printed.'}
    </span>
  );
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
