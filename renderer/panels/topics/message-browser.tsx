import { useEffect, useRef, useState } from 'react';
import type { ConnectionRef, TopicSummary } from '../../../engine/studio/contract.ts';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { formatCount } from '../../kit/format-number.ts';
import { SplitPane } from '../../kit/split-pane.tsx';
import type { MessageFilter } from '../../store/browse-place.ts';
import { useStudio } from '../../store/use-studio.ts';
import { MessageDetail } from './message-detail.tsx';
import { MessageTable } from './message-table.tsx';
import { MessageToolbar, readFromOf } from './message-toolbar.tsx';
import type { MessagesState } from './use-messages.ts';
import { useMessages } from './use-messages.ts';
import { useOpenMessage } from './use-open-message.ts';

interface MessageBrowserProps {
  readonly topic: TopicSummary;
  readonly connection: ConnectionRef | undefined;
  /** Another number: read again. */
  readonly round: number;
  readonly onProduce: () => void;
  /** Looks at the topic's numbers again: messages came. */
  readonly refreshTopic: () => void;
}

/** Messages of a topic: where to read, the table, and one of them in full beside it. */
export function MessageBrowser({ topic, connection, round, onProduce, refreshTopic }: MessageBrowserProps) {
  const { browse, show } = useStudio((state) => ({ browse: state.browse, show: state.show }));
  const { filter } = browse;
  const selected = browse.message ?? undefined;
  const setFilter = (next: MessageFilter) => show({ browse: { ...browse, filter: next } });
  const setSelected = (key: string | undefined) => show({ browse: { ...browse, message: key ?? null } });
  const [isLive, setLive] = useState(false);
  const feed = useMessages({
    connection,
    topic: topic.name,
    partition: filter.partition,
    from: isLive ? { at: 'newest' } : readFromOf(filter),
    limit: filter.limit,
    isLive,
  });
  const { refresh } = feed;
  // A live table gets what was produced by itself.
  const live = useRef(isLive);
  live.current = isLive;
  useEffect(() => {
    if (round > 0 && !live.current) refresh();
  }, [round, refresh]);
  useFollowed(feed.tailed, refreshTopic);
  const { message, failure } = useOpenMessage({ connection, topic: topic.name, selected, feed });
  useFilled(topic, feed, isLive);
  const close = () => setSelected(undefined);
  return (
    <div className="message-browser">
      <MessageToolbar
        filter={filter}
        onFilter={setFilter}
        isLive={isLive}
        onLive={setLive}
        partitionCount={topic.partitions.length}
        onRefresh={refresh}
      />
      <SplitPane
        id="message-detail"
        direction="row"
        sized="second"
        initial={420}
        min={280}
        max={900}
        label="Width of the message"
        collapsed={message === undefined && failure === undefined}
        first={
          feed.messages.length === 0 ? (
            <NoMessages feed={feed} isLive={isLive} filter={filter} onProduce={onProduce} />
          ) : (
            <MessageTable feed={feed} selected={selected} onSelect={setSelected} />
          )
        }
        second={
          message === undefined ? (
            <MessageGone text={failure} onClose={close} />
          ) : (
            <MessageDetail key={selected} message={message} connection={connection} onClose={close} />
          )
        }
      />
      <FeedStatus feed={feed} isLive={isLive} />
    </div>
  );
}

/** In place of a message that the address names and that is not there. */
function MessageGone({ text, onClose }: { readonly text: string | undefined; readonly onClose: () => void }) {
  if (text === undefined) return null;
  return (
    <aside className="message-detail" aria-label="Message" data-testid="message-gone">
      <EmptyState glyph="search" title="This message cannot be shown" hint={text}>
        <Button onClick={onClose}>Close</Button>
      </EmptyState>
    </aside>
  );
}

/** Reads again when the cluster says that a topic has messages of which the table shows none: they came since. */
function useFilled({ messageCount }: TopicSummary, { messages, state, refresh }: MessagesState, isLive: boolean): void {
  const count = messageCount ?? 0;
  const readAt = useRef(count);
  useEffect(() => {
    if (isLive || state === 'reading' || count === readAt.current) return;
    readAt.current = count;
    if (messages.length === 0 && count > 0) refresh();
  }, [isLive, state, count, messages.length, refresh]);
}

/** Time between two looks at a topic's numbers while messages come live, ms. */
const followEveryMs = 1_000;

/** Keeps the numbers at the head of the topic beside the rows that come live. */
function useFollowed(tailed: number, look: () => void): void {
  const latest = useRef(look);
  latest.current = look;
  const isPlanned = useRef(false);
  useEffect(() => {
    if (tailed === 0 || isPlanned.current) return;
    isPlanned.current = true;
    setTimeout(() => {
      isPlanned.current = false;
      latest.current();
    }, followEveryMs);
  }, [tailed]);
}

interface NoMessagesProps {
  readonly feed: MessagesState;
  readonly isLive: boolean;
  readonly filter: MessageFilter;
  readonly onProduce: () => void;
}

function NoMessages({ feed, isLive, filter, onProduce }: NoMessagesProps) {
  if (feed.state === 'reading') return <p className="topic-note">Reading messages…</p>;
  if (feed.state === 'failed') {
    return (
      <EmptyState glyph="error" title="The messages could not be read" hint={feed.failure}>
        <Button glyph="refresh" onClick={feed.refresh}>
          Try again
        </Button>
      </EmptyState>
    );
  }
  if (isLive)
    return <EmptyState glyph="topics" title="Waiting for messages" hint="They are shown here as they come." />;
  if (filter.at !== 'newest' || filter.partition !== undefined)
    return (
      <EmptyState
        glyph="search"
        title="No message there"
        hint="Choose Newest and all partitions to see what the topic holds."
      />
    );
  return (
    <EmptyState glyph="topics" title="This topic is empty" hint="Produce a message, or run a process that sends to it.">
      <Button glyph="plus" onClick={onProduce}>
        Produce a message
      </Button>
    </EmptyState>
  );
}

/** The truth about what is shown. */
function FeedStatus({ feed, isLive }: { readonly feed: MessagesState; readonly isLive: boolean }) {
  const { messages, dropped, tailed, failures, state, failure, next, more } = feed;
  const parts = [`${formatCount(messages.length)} shown`];
  if (isLive) parts.push(`${tailed} came live`);
  else if (messages.length > 0) parts.push(next === null ? 'nothing more in this direction' : 'there are more');
  return (
    <footer className="feed-status" role="status">
      <span>{state === 'reading' && messages.length > 0 ? 'Reading…' : parts.join(' · ')}</span>
      {more === undefined ? null : (
        <button type="button" className="feed-more" data-testid="more-messages" onClick={more}>
          Show more
        </button>
      )}
      {dropped > 0 ? (
        <span
          className="is-warning"
          title="The topic is faster than this window. They are in the topic: turn Live off and read them."
        >
          {dropped} dropped
        </span>
      ) : null}
      {(isLive ? failures : []).map(({ partition, message }) => (
        <span key={partition} className="is-danger" data-testid={`tail-failure-${partition}`}>
          Partition {partition} stands still: {message}
        </span>
      ))}
      {state === 'failed' && messages.length > 0 ? <span className="is-danger">{failure}</span> : null}
    </footer>
  );
}
