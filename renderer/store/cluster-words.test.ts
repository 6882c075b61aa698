import { describe, expect, it } from 'vitest';
import type { BrokerStatus, ClusterStatus } from '../../engine/studio/contract.ts';
import { clusterLine, clusterNews } from './cluster-words.ts';

function clusterOf(...states: BrokerStatus['state'][]): ClusterStatus {
  const up = states.filter((state) => state === 'running').length;
  const brokers = states.map((state, index) => ({
    id: index + 1,
    address: `127.0.0.1:909${index + 1}`,
    state,
    isController: index === 0,
    pid: null,
    memoryBytes: null,
    reason: state === 'restarting' ? 'ended by SIGKILL' : null,
  }));
  return { state: up === states.length ? 'running' : up > 0 ? 'degraded' : 'starting', bootstrap: null, brokers };
}

const whole = clusterOf('running', 'running', 'running');
const without1 = clusterOf('restarting', 'running', 'running');
const down = clusterOf('restarting', 'restarting', 'restarting');

describe('what the window says of the cluster', () => {
  it('tells a cluster that starts from one whose brokers ended', () => {
    expect(clusterLine({ cluster: clusterOf('starting', 'starting'), connection: 'open' }).text).toMatch(
      /starting, 0 of 2/,
    );
    expect(clusterLine({ cluster: down, connection: 'open' })).toMatchObject({
      text: 'Cluster restarting, 0 of 3 brokers up',
      tone: 'danger',
    });
  });

  it('claims nothing while the studio does not answer', () => {
    expect(clusterLine({ cluster: whole, connection: 'lost' }).text).toBe('Cluster not known');
  });

  it('tells of a broker that ended, of all, and of their return', () => {
    expect(clusterNews(whole, without1)?.text).toMatch(/^Broker 1 is gone: ended by SIGKILL/);
    expect(clusterNews(without1, down)).toMatchObject({ tone: 'danger' });
    expect(clusterNews(down, whole)).toMatchObject({ tone: 'success' });
  });

  it('says nothing of what it said already, nor of a first start', () => {
    expect(clusterNews(without1, without1)).toBeUndefined();
    expect(clusterNews(clusterOf('starting', 'starting'), clusterOf('running', 'running'))).toBeUndefined();
    expect(clusterNews(whole, whole)).toBeUndefined();
  });
});
