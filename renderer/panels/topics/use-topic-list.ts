import { useCallback, useEffect, useState } from 'react';
import { messageOf } from '../../../engine/base/errors.ts';
import type { ClusterStatus, ConnectionRef, TopicSummary } from '../../../engine/studio/contract.ts';
import { useStudio } from '../../store/use-studio.ts';

/** Pause between two looks at the topics while they are shown. */
const refreshEveryMs = 2_000;

const tooEarly = 'The brokers do not know their topics yet.';

/** What becomes of a failure on the bundled cluster, by its state. */
const remedies: Readonly<Record<ClusterStatus['state'], string | undefined>> = {
  none: 'This studio was started without a cluster of its own: choose a Kafka Connection above.',
  starting: 'The brokers are being started; the topics come back by themselves.',
  running: undefined,
  degraded: 'A broker is being started again; the topics come back by themselves.',
  stopped: 'The cluster is stopped: start Millrace again.',
};

/** What is known of the topics of a cluster. `failure` stands beside the topics of the last look that went well. */
export interface TopicListState {
  /** Undefined before the first answer. */
  readonly topics: readonly TopicSummary[] | undefined;
  readonly failure: string | undefined;
  /** What is done about the failure, or what to do. */
  readonly remedy: string | undefined;
  readonly refresh: () => void;
}

/** The topics behind a connection, looked at again and again while a component shows them. */
export function useTopicList(connection: ConnectionRef | undefined): TopicListState {
  const { client, isOpen, cluster } = useStudio((state) => ({
    client: state.client,
    isOpen: state.connection === 'open',
    cluster: state.cluster.state,
  }));
  const [answer, setAnswer] = useState<Pick<TopicListState, 'topics' | 'failure'>>({
    topics: undefined,
    failure: undefined,
  });
  const [round, setRound] = useState(0);
  const key = JSON.stringify(connection);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another cluster's topics must not show under this one's name
  useEffect(() => setAnswer({ topics: undefined, failure: undefined }), [key]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` and the state of the cluster ask for another look
  useEffect(() => {
    if (!isOpen) return;
    let isStale = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      try {
        const topics = await client.call('topics.list', connection === undefined ? {} : { connection });
        // A broker that comes up answers before it knows its topics: none is news only of a cluster that is whole.
        const isDoubtful = topics.length === 0 && connection === undefined && cluster !== 'running';
        if (!isStale)
          setAnswer((before) => (isDoubtful ? { ...before, failure: tooEarly } : { topics, failure: undefined }));
      } catch (thrown) {
        if (!isStale) setAnswer((before) => ({ ...before, failure: messageOf(thrown) }));
      }
      if (!isStale) timer = setTimeout(() => void look(), refreshEveryMs);
    };
    void look();
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [client, key, isOpen, cluster, round]);
  const refresh = useCallback(() => setRound((before) => before + 1), []);
  if (!isOpen)
    return {
      ...answer,
      failure: 'The studio does not answer; the topics come back with it.',
      remedy: undefined,
      refresh,
    };
  return { ...answer, remedy: connection === undefined ? remedies[cluster] : undefined, refresh };
}
