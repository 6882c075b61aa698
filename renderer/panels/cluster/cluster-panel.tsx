import './cluster.css';
import type { BrokerStatus } from '../../../engine/studio/contract.ts';
import type { Tone } from '../../kit/badge.tsx';
import { Badge, StatusDot } from '../../kit/badge.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { formatBytes } from '../../kit/format-number.ts';
import { useStudio } from '../../store/use-studio.ts';

const tones: Readonly<Record<BrokerStatus['state'], Tone>> = {
  starting: 'warning',
  running: 'success',
  stopped: 'neutral',
  restarting: 'warning',
  failed: 'danger',
};

/** The brokers of the bundled cluster: state, controller, address, memory. */
export function ClusterPanel() {
  const { cluster, isOpen } = useStudio((state) => ({ cluster: state.cluster, isOpen: state.connection === 'open' }));
  if (!isOpen) {
    return (
      <EmptyState
        glyph="cluster"
        title="The cluster is not known"
        hint="The studio does not answer, and it is what watches the brokers. They are shown again when it is back."
      />
    );
  }
  if (cluster.state === 'none') {
    return (
      <EmptyState
        glyph="cluster"
        title="No bundled cluster"
        hint="This studio was started without one. Kafka Connections to other clusters work all the same."
      />
    );
  }
  return (
    <section className="cluster-panel" aria-label="Cluster">
      <p className="cluster-line">
        <span>
          Bootstrap servers <code>{cluster.bootstrap ?? 'none yet'}</code>
        </span>
        <span className="cluster-hint">Any Kafka client works with them, over TCP.</span>
      </p>
      <div className="broker-cards">
        {cluster.brokers.map((broker) => (
          <BrokerCard key={broker.id} broker={broker} />
        ))}
      </div>
    </section>
  );
}

function BrokerCard({ broker }: { readonly broker: BrokerStatus }) {
  const { id, address, state, isController, pid, memoryBytes, reason } = broker;
  return (
    <article className="broker-card" aria-label={`Broker ${id}`} data-testid={`broker-${id}`} data-state={state}>
      <header>
        <StatusDot tone={tones[state]} pulse={state === 'starting' || state === 'restarting'} />
        <b>Broker {id}</b>
        <span className="broker-state">{state}</span>
        {isController ? <Badge tone="accent">controller</Badge> : null}
      </header>
      <dl>
        <dt>Address</dt>
        <dd>
          <code>{address}</code>
        </dd>
        <dt>Memory</dt>
        <dd>{memoryBytes === null ? 'not known' : formatBytes(memoryBytes)}</dd>
        <dt>Process</dt>
        <dd>{pid ?? (state === 'running' ? 'none of its own' : 'none now')}</dd>
      </dl>
      {reason === null ? null : <p className="broker-reason">{reason}</p>}
    </article>
  );
}
