import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../../../engine/base/errors.ts';
import type { ConnectionRef, Message } from '../../../engine/studio/contract.ts';
import { useStudio } from '../../store/use-studio.ts';
import { messageKey } from './message-feed.ts';
import type { MessagesState } from './use-messages.ts';
import { refOf } from './use-messages.ts';

interface OpenMessage {
  readonly message: Message | undefined;
  /** Why the message that is to be open cannot be shown. */
  readonly failure: string | undefined;
}

interface Wanted {
  readonly connection: ConnectionRef | undefined;
  readonly topic: string;
  /** `<partition>-<offset>`; undefined: none is open. */
  readonly selected: string | undefined;
  readonly feed: MessagesState;
}

/**
 * The message that is open. One that the table does not hold, or no longer, is read by itself: a bookmark leads to it however many
 * newer ones came, and what somebody reads does not go because a live table moved on.
 */
export function useOpenMessage({ connection, topic, selected, feed }: Wanted): OpenMessage {
  const client = useStudio((state) => state.client);
  const [read, setRead] = useState<OpenMessage & { readonly key: string }>();
  const last = useRef<Message>(undefined);
  const listed = feed.messages.find((each) => messageKey(each) === selected);
  if (listed !== undefined) last.current = listed;
  const kept = last.current !== undefined && messageKey(last.current) === selected ? last.current : undefined;
  const isMissing = selected !== undefined && kept === undefined && feed.state !== 'reading' && read?.key !== selected;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the connection is the topic page's own
  useEffect(() => {
    if (!isMissing) return;
    let isStale = false;
    const [partition, offset] = selected.split('-').map(Number) as [number, number];
    const settle = (found: OpenMessage) => isStale || setRead({ ...found, key: selected });
    client.call('topics.message', { ...refOf(connection), topic, partition, offset }).then(
      (message) => settle({ message, failure: undefined }),
      (thrown: unknown) => settle({ message: undefined, failure: messageOf(thrown) }),
    );
    return () => {
      isStale = true;
    };
  }, [client, topic, selected, isMissing]);
  if (kept !== undefined) return { message: kept, failure: undefined };
  return read !== undefined && read.key === selected ? read : { message: undefined, failure: undefined };
}
