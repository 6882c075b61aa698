import { useEffect, useState } from 'react';
import type { ConnectionRef } from '../../../engine/studio/contract.ts';
import { useStudio } from '../../store/use-studio.ts';

/**
 * Names of the topics behind a connection; undefined while they are not known, as when the cluster does not answer. Asked
 * again when `round` changes, and when a run changed its state: a process makes topics as it starts.
 */
export function useTopicNames(
  connection: ConnectionRef | undefined,
  { isWanted, round }: { readonly isWanted: boolean; readonly round: unknown },
): readonly string[] | undefined {
  const { client, isOpen, cluster, run } = useStudio((state) => ({
    client: state.client,
    isOpen: state.connection === 'open',
    cluster: state.cluster.state,
    run: state.run.state,
  }));
  const [names, setNames] = useState<readonly string[]>();
  const key = JSON.stringify(connection);
  // A broker that comes up answers before it knows its topics.
  const canAsk = isWanted && isOpen && (connection !== undefined || cluster === 'running');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round`, the run and the connection by its content ask anew
  useEffect(() => {
    if (!canAsk) {
      setNames(undefined);
      return;
    }
    let isStale = false;
    client
      .call('resource.browse', { ...(connection === undefined ? {} : { resource: connection }), what: 'topic' })
      .then(
        (topics) => isStale || setNames(topics.map(({ name }) => name)),
        () => isStale || setNames(undefined),
      );
    return () => {
      isStale = true;
    };
  }, [client, key, canAsk, run, round]);
  return names;
}
