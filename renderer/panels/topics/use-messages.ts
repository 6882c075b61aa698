import type { Dispatch, SetStateAction } from 'react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { messageOf } from '../../../engine/base/errors.ts';
import type { ConnectionRef } from '../../../engine/studio/contract.ts';
import type { StudioParams, StudioPayload } from '../../store/client.ts';
import { useStudio } from '../../store/use-studio.ts';
import type { MessageFeed, PageCursor } from './message-feed.ts';
import { emptyFeed, feedOf, pagedMessagesMax, withFurtherPage, withPage, withTailed } from './message-feed.ts';

export type ReadFrom = NonNullable<StudioParams<'topics.read'>['from']>;

/** What is read. */
export interface MessageQuery {
  readonly connection: ConnectionRef | undefined;
  readonly topic: string;
  readonly partition: number | undefined;
  readonly from: ReadFrom;
  readonly limit: number;
  readonly isLive: boolean;
}

export interface MessagesState extends MessageFeed {
  readonly state: 'reading' | 'ready' | 'failed';
  readonly failure: string | undefined;
  /** Reads again. */
  readonly refresh: () => void;
  /** Reads the page behind the last one; undefined when there is none, or while one is being read. */
  readonly more: (() => void) | undefined;
}

interface Progress {
  readonly state: MessagesState['state'];
  readonly failure?: string;
}

/** The messages that a query asks for; while it is live, also those that come. */
export function useMessages(query: MessageQuery): MessagesState {
  const { client, isOpen } = useStudio((state) => ({ client: state.client, isOpen: state.connection === 'open' }));
  const [feed, setFeed] = useState<MessageFeed>(emptyFeed);
  const [progress, setProgress] = useState<Progress>({ state: 'reading' });
  const [round, setRound] = useState(0);
  const { connection, topic, partition, from, limit, isLive } = query;
  const key = JSON.stringify([connection, topic, partition, from, limit]);
  const topicKey = JSON.stringify([connection, topic]);
  const shownTopic = useRef(topicKey);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the parts of the query, `round` asks again
  useEffect(() => {
    if (!isOpen) return;
    let isStale = false;
    if (shownTopic.current !== topicKey) setFeed(emptyFeed);
    shownTopic.current = topicKey;
    setProgress({ state: 'reading' });
    client
      .call('topics.read', {
        ...refOf(connection),
        topic,
        ...(partition === undefined ? {} : { partition }),
        from,
        limit,
      })
      .then(
        (page) => {
          if (isStale) return;
          setFeed((before) => (isLive && round > 0 ? withPage(before, page) : feedOf(page)));
          setProgress({ state: 'ready' });
        },
        (thrown: unknown) => isStale || setProgress({ state: 'failed', failure: messageOf(thrown) }),
      );
    return () => {
      isStale = true;
    };
  }, [client, key, isOpen, round]);
  const takeTailed = useCallback(
    ({ messages, dropped, failures }: StudioPayload<'topics.tailed'>) => {
      const isShown = (each: { readonly partition: number }) => partition === undefined || each.partition === partition;
      const wanted = { messages: messages.filter(isShown), dropped, failures: failures.filter(isShown) };
      setFeed((before) => withTailed(before, wanted));
    },
    [partition],
  );
  const failed = useCallback((failure: string) => setProgress({ state: 'failed', failure }), []);
  const refresh = useCallback(() => setRound((before) => before + 1), []);
  // What came between the page and the beginning of the tail is read then.
  const started = useCallback(() => {
    setFeed((before) => ({ ...before, failures: [] }));
    refresh();
  }, [refresh]);
  useTail({ connection, topic, isLive: isLive && isOpen, take: takeTailed, started, failed });
  const readOn = useReadOn(query, `${key}/${round}`, setFeed, setProgress);
  const { next } = feed;
  const isPossible = progress.state !== 'reading' && feed.messages.length < pagedMessagesMax;
  const more = next !== null && isPossible ? () => readOn(next) : undefined;
  return { ...feed, state: progress.state, failure: progress.failure, refresh, more };
}

/** Reads the page behind the last one into the feed, unless the user looks at something else (`shown`) by then. */
function useReadOn(
  { connection, topic, partition, limit }: MessageQuery,
  shown: string,
  setFeed: Dispatch<SetStateAction<MessageFeed>>,
  setProgress: Dispatch<SetStateAction<Progress>>,
): (next: PageCursor) => void {
  const client = useStudio((state) => state.client);
  const latest = useRef(shown);
  latest.current = shown;
  return (next) => {
    setProgress({ state: 'reading' });
    const place = { ...refOf(connection), topic, ...(partition === undefined ? {} : { partition }) };
    client.call('topics.read', { ...place, limit, from: next }).then(
      (page) => {
        if (latest.current !== shown) return;
        setFeed((before) => withFurtherPage(before, page));
        setProgress({ state: 'ready' });
      },
      (thrown: unknown) => {
        if (latest.current === shown) setProgress({ state: 'failed', failure: messageOf(thrown) });
      },
    );
  };
}

interface TailOptions {
  readonly connection: ConnectionRef | undefined;
  readonly topic: string;
  readonly isLive: boolean;
  readonly take: (tailed: StudioPayload<'topics.tailed'>) => void;
  readonly started: () => void;
  readonly failed: (failure: string) => void;
}

/** Follows the topic while `isLive`; ends the tail with the component. */
function useTail({ connection, topic, isLive, take, started, failed }: TailOptions): void {
  const client = useStudio((state) => state.client);
  const key = JSON.stringify(connection);
  const latest = useRef({ take, started, failed });
  latest.current = { take, started, failed };
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the connection
  useEffect(() => {
    if (!isLive) return;
    let isOver = false;
    let tailId: string | undefined;
    const endTail = (id: string) => client.call('topics.untail', { tailId: id }).catch(() => undefined);
    const stopListening = client.on('topics.tailed', (payload) => {
      if (payload.tailId === tailId) latest.current.take(payload);
    });
    client.call('topics.tail', { ...refOf(connection), topic }).then(
      (answer) => {
        tailId = answer.tailId;
        if (isOver) void endTail(tailId);
        else latest.current.started();
      },
      (thrown: unknown) => isOver || latest.current.failed(messageOf(thrown)),
    );
    return () => {
      isOver = true;
      stopListening();
      if (tailId !== undefined) void endTail(tailId);
    };
  }, [client, key, topic, isLive]);
}

/** The connection as a parameter: left out for the bundled cluster. */
export function refOf(connection: ConnectionRef | undefined): { connection?: ConnectionRef } {
  return connection === undefined ? {} : { connection };
}
