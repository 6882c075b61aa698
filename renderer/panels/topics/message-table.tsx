import type { UIEvent } from 'react';
import { useRef, useState } from 'react';
import type { Decoded, Message } from '../../../engine/studio/contract.ts';
import { Button } from '../../kit/button.tsx';
import { countOf, formatCount } from '../../kit/format-number.ts';
import { formatAgo, formatTimeWithZone } from '../../kit/format-time.ts';
import { useNow } from '../../kit/use-now.ts';
import { VirtualList } from '../../kit/virtual-list.tsx';
import type { MessageFeed } from './message-feed.ts';
import { messageKey } from './message-feed.ts';

interface MessageTableProps {
  readonly feed: MessageFeed;
  readonly selected: string | undefined;
  readonly onSelect: (key: string) => void;
}

/** Characters of a key or value that a row shows; the detail shows the rest. */
const previewCharsMax = 400;

/** Messages as rows. While the table is scrolled down, messages that come live wait above, so that nothing slides under the pointer. */
export function MessageTable({ feed, selected, onSelect }: MessageTableProps) {
  const now = useNow();
  const box = useRef<HTMLDivElement>(null);
  const { shown, waiting, onScroll, showAll } = useHeld(feed);
  const showNewest = () => {
    showAll();
    box.current?.querySelector('.virtual-list')?.scrollTo({ top: 0 });
  };
  return (
    <div className="message-table" ref={box} onScrollCapture={onScroll}>
      <div className="message-head" aria-hidden="true">
        <span>Time</span>
        <span className="is-number">Partition</span>
        <span className="is-number">Offset</span>
        <span>Key</span>
        <span>Value</span>
      </div>
      {waiting > 0 ? (
        <Button className="message-waiting" glyph="chevronUp" onClick={showNewest}>
          {formatCount(waiting)} new
        </Button>
      ) : null}
      <VirtualList
        label="Messages"
        testId="topic-messages"
        items={shown}
        keyOf={messageKey}
        rowHeight={30}
        selectedKey={selected}
        onSelect={(message) => onSelect(messageKey(message))}
        testIdOf={(message) => `message-row-${messageKey(message)}`}
        renderRow={(message) => <MessageRow message={message} now={now} />}
      />
    </div>
  );
}

function MessageRow({ message, now }: { readonly message: Message; readonly now: number }) {
  const { timestampMs, partition, offset, key, value, headers, headerCount } = message;
  return (
    <span className="message-row">
      <time title={formatTimeWithZone(timestampMs)}>{formatAgo(timestampMs, now)}</time>
      <span className="is-number">{partition}</span>
      <span className="is-number">{formatCount(offset)}</span>
      <Preview decoded={key} what="key" />
      <span className="message-value">
        <Preview decoded={value} what="value" />
        {headerCount === 0 ? null : (
          <span className="message-headers" title={headers.map(({ key: name }) => name).join(', ')}>
            {countOf(headerCount, 'header')}
          </span>
        )}
      </span>
    </span>
  );
}

/** Key or value in one line. Null, empty and binary are told apart from text. */
export function Preview({ decoded, what }: { readonly decoded: Decoded; readonly what: string }) {
  if (decoded.format === 'null')
    return <i className="preview-mark">{what === 'value' ? 'null (tombstone)' : 'null'}</i>;
  if (decoded.sizeBytes === 0) return <i className="preview-mark">empty</i>;
  if (decoded.format === 'bytes')
    return (
      <span className="preview" title={decoded.reason ?? undefined}>
        <i className="preview-mark">{decoded.sizeBytes} bytes</i> {decoded.text.slice(0, previewCharsMax)}
      </span>
    );
  return <span className="preview">{decoded.text.slice(0, previewCharsMax)}</span>;
}

/** Holds the rows still while the user has scrolled away from the newest ones. */
function useHeld(feed: MessageFeed) {
  const [held, setHeld] = useState<MessageFeed>();
  const onScroll = (event: UIEvent<HTMLElement>) => {
    const isAway = (event.target as HTMLElement).scrollTop > 0;
    if (isAway) setHeld((before) => before ?? feed);
    else setHeld(undefined);
  };
  // What came live stands above the message that was on top when the user left; a page that was read anew has it no more.
  const top = held?.messages[0];
  const above = top === undefined ? -1 : feed.messages.findIndex((each) => messageKey(each) === messageKey(top));
  if (above > 0)
    return { shown: feed.messages.slice(above), waiting: above, onScroll, showAll: () => setHeld(undefined) };
  return { shown: feed.messages, waiting: 0, onScroll, showAll: () => setHeld(undefined) };
}
