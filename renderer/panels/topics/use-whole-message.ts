import { useState } from 'react';
import { messageOf } from '../../../engine/base/errors.ts';
import type { ConnectionRef, Message } from '../../../engine/studio/contract.ts';
import { useStudio } from '../../store/use-studio.ts';
import { refOf } from './use-messages.ts';

/** True when something of the message is not shown: the end of its key, value or a header, or headers behind those shown. */
export function isCut({ key, value, headers, headerCount }: Message): boolean {
  return (
    key.truncated || value.truncated || headers.length < headerCount || headers.some((header) => header.value.truncated)
  );
}

/** The message whole, once somebody asks for it: the table has only the first part of long values. */
export function useWholeMessage(preview: Message, connection: ConnectionRef | undefined) {
  const client = useStudio((state) => state.client);
  const [whole, setWhole] = useState<Message>();
  const [failure, setFailure] = useState<string>();
  const [isReading, setReading] = useState(false);
  const readWhole = async (): Promise<Message> => {
    if (whole !== undefined || !isCut(preview)) return whole ?? preview;
    const { topic, partition, offset } = preview;
    setReading(true);
    setFailure(undefined);
    try {
      const read = await client.call('topics.message', { ...refOf(connection), topic, partition, offset });
      setWhole(read);
      return read;
    } catch (thrown) {
      setFailure(messageOf(thrown));
      throw thrown;
    } finally {
      setReading(false);
    }
  };
  return { message: whole ?? preview, isWhole: whole !== undefined, failure, isReading, readWhole };
}
