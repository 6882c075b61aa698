import type { Tone } from '../kit/badge.tsx';
import { StatusDot } from '../kit/badge.tsx';
import { Glyph } from '../kit/glyph.tsx';
import { useStudio } from '../store/use-studio.ts';

const clusterTones: Readonly<Record<string, Tone>> = {
  none: 'neutral',
  starting: 'warning',
  running: 'success',
  degraded: 'warning',
  stopped: 'danger',
};

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
  const up = cluster.brokers.filter((broker) => broker.state === 'running').length;
  return (
    <footer className="status-bar">
      <button
        type="button"
        className="status-item"
        data-testid="cluster-status"
        data-state={cluster.state}
        onClick={() => show({ view: 'design', bottom: 'cluster' })}
      >
        <StatusDot tone={clusterTones[cluster.state] ?? 'neutral'} pulse={cluster.state === 'starting'} />
        {cluster.state === 'none'
          ? 'No bundled cluster'
          : `Cluster ${cluster.state}, ${up} of ${cluster.brokers.length} brokers up`}
      </button>
      {connection === 'lost' ? (
        <span className="status-item is-danger" role="alert">
          <Glyph name="warning" size={13} /> The studio does not answer; trying again…
        </span>
      ) : null}
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

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
