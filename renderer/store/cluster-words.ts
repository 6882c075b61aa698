import type { BrokerStatus, ClusterStatus } from '../../engine/studio/contract.ts';
import type { LiveSlice } from './live-slice.ts';

type Tone = 'neutral' | 'success' | 'warning' | 'danger';

/** What the window says of the bundled cluster in one line, and how bad that is. */
export interface ClusterLine {
  readonly text: string;
  readonly tone: Tone;
  readonly isOnTheWay: boolean;
}

const tones: Readonly<Record<ClusterStatus['state'], Tone>> = {
  none: 'neutral',
  starting: 'warning',
  running: 'success',
  degraded: 'warning',
  stopped: 'danger',
};

/** The line of the status bar. While the studio does not answer nothing is known: the last news are not passed off as the truth. */
export function clusterLine({ cluster, connection }: Pick<LiveSlice, 'cluster' | 'connection'>): ClusterLine {
  if (connection !== 'open') return { text: 'Cluster not known', tone: 'neutral', isOnTheWay: false };
  if (cluster.state === 'none') return { text: 'No bundled cluster', tone: 'neutral', isOnTheWay: false };
  const up = cluster.brokers.filter(({ state }) => state === 'running').length;
  const isRestarting = cluster.state === 'starting' && cluster.brokers.some(({ state }) => state === 'restarting');
  return {
    text: `Cluster ${isRestarting ? 'restarting' : cluster.state}, ${up} of ${cluster.brokers.length} brokers up`,
    tone: isRestarting ? 'danger' : tones[cluster.state],
    isOnTheWay: cluster.state === 'starting',
  };
}

/** What is worth telling when the cluster changed; undefined when nothing is. */
export function clusterNews(
  before: ClusterStatus,
  after: ClusterStatus,
): { readonly tone: 'warning' | 'danger' | 'success'; readonly text: string } | undefined {
  const lost = after.brokers.filter((broker) => isDown(broker) && wasUp(before, broker));
  const down = after.brokers.filter(isDown);
  if (lost.length > 0) {
    const [first] = lost;
    const reason = first?.reason === null || first?.reason === undefined ? '' : `: ${first.reason}`;
    if (down.length === after.brokers.length)
      return {
        tone: 'danger',
        text: `No broker of the bundled cluster is up${reason}. Millrace starts them again by itself; runs that use them wait.`,
      };
    const who = lost.length === 1 ? `Broker ${first?.id} is` : `Brokers ${lost.map(({ id }) => id).join(' and ')} are`;
    return {
      tone: 'warning',
      text: `${who} gone${reason}. Millrace starts it again by itself; the other brokers go on.`,
    };
  }
  const isWhole = after.brokers.length > 0 && after.brokers.every(({ state }) => state === 'running');
  const wasWhole = !before.brokers.some(({ state }) => state === 'restarting' || state === 'failed');
  return isWhole && !wasWhole
    ? { tone: 'success', text: 'All brokers of the bundled cluster are up again.' }
    : undefined;
}

function isDown({ state }: BrokerStatus): boolean {
  return state === 'restarting' || state === 'failed';
}

function wasUp(before: ClusterStatus, broker: BrokerStatus): boolean {
  return before.brokers.some(({ id, state }) => id === broker.id && state === 'running');
}
