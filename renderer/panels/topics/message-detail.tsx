import { useEffect, useState } from 'react';
import { messageOf } from '../../../engine/base/errors.ts';
import type { ConnectionRef, Decoded, Message } from '../../../engine/studio/contract.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button, IconButton } from '../../kit/button.tsx';
import { formatBytes, formatCount } from '../../kit/format-number.ts';
import { formatTimeWithZone } from '../../kit/format-time.ts';
import { Glyph } from '../../kit/glyph.tsx';
import { JsonText } from '../../kit/json-text.tsx';
import { prettyJsonText } from '../../kit/pretty-json.ts';
import { useStudio } from '../../store/use-studio.ts';
import { refOf } from './use-messages.ts';

interface MessageDetailProps {
  readonly message: Message;
  readonly connection: ConnectionRef | undefined;
  readonly onClose: () => void;
}

/** One message in full: where it is, its key, headers and value. */
export function MessageDetail({ message: preview, connection, onClose }: MessageDetailProps) {
  const { message, failure } = useWhole(preview, connection);
  const { topic, partition, offset, timestampMs, key, value, headers } = message;
  return (
    <aside
      className="message-detail nokey"
      aria-label={`Message ${partition} @ ${offset}`}
      data-testid="message-detail"
    >
      <header className="detail-head">
        <h3>
          {topic}[{partition}] @ {formatCount(offset)}
        </h3>
        <CopyButton text={JSON.stringify(plainMessage(message), null, 2)} label="Copy the message as JSON" />
        <IconButton glyph="close" label="Close" tooltipSide="left" onClick={onClose} />
      </header>
      <div className="detail-body">
        <dl className="detail-facts">
          <dt>Time</dt>
          <dd>{formatTimeWithZone(timestampMs)}</dd>
          <dt>Size</dt>
          <dd>
            key {formatBytes(key.sizeBytes)}, value {formatBytes(value.sizeBytes)}
          </dd>
        </dl>
        {failure === undefined ? null : (
          <p className="field-message is-danger" role="alert">
            The value is shown cut short: {failure}
          </p>
        )}
        <DecodedBlock title="Key" decoded={key} />
        <section className="detail-block">
          <div className="detail-block-head">
            <h4>Headers</h4>
            <Badge>{headers.length}</Badge>
          </div>
          {headers.length === 0 ? <p className="detail-none">None</p> : <HeaderTable headers={headers} />}
        </section>
        <DecodedBlock title="Value" decoded={value} />
      </div>
    </aside>
  );
}

function HeaderTable({ headers }: { readonly headers: Message['headers'] }) {
  return (
    <table className="header-table">
      <tbody>
        {headers.map(({ key, value }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: headers may repeat, and their order is part of the message
          <tr key={index}>
            <th>{key}</th>
            <td>{value.format === 'null' ? <i>null</i> : value.text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function DecodedBlock({ title, decoded }: { readonly title: string; readonly decoded: Decoded }) {
  const { format, text, sizeBytes, truncated, reason } = decoded;
  return (
    <section className="detail-block">
      <div className="detail-block-head">
        <h4>{title}</h4>
        <Badge>{format}</Badge>
        {truncated ? <Badge tone="warning">first part of {formatBytes(sizeBytes)}</Badge> : null}
        <span className="toolbar-gap" />
        {format === 'null' ? null : <CopyButton text={text} label={`Copy the ${title.toLowerCase()} as it was sent`} />}
      </div>
      {reason === null ? null : (
        <p className="detail-reason">
          <Glyph name="info" size={13} /> {reason}
        </p>
      )}
      {format === 'null' ? (
        <p className="detail-none">
          {title === 'Value' ? 'null: a tombstone, which deletes the key in a compacted topic' : 'null'}
        </p>
      ) : format === 'json' ? (
        <JsonText text={text} label={title} />
      ) : (
        <pre className="json-text">{text === '' ? <i>empty</i> : text}</pre>
      )}
    </section>
  );
}

function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const notify = useStudio((state) => state.notify);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => notify({ tone: 'success', text: 'Copied.' }),
      (thrown: unknown) => notify({ tone: 'danger', text: `Not copied: ${messageOf(thrown)}` }),
    );
  };
  return (
    <Button look="quiet" glyph="copy" aria-label={label} title={label} onClick={copy}>
      Copy
    </Button>
  );
}

/** The message whole: the table has only the first part of long values. */
function useWhole(preview: Message, connection: ConnectionRef | undefined) {
  const client = useStudio((state) => state.client);
  const [whole, setWhole] = useState<Message>();
  const [failure, setFailure] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a message never changes; the component is made anew for another one
  useEffect(() => {
    if (!preview.value.truncated) return;
    const { topic, partition, offset } = preview;
    let isStale = false;
    client.call('topics.message', { ...refOf(connection), topic, partition, offset }).then(
      (message) => isStale || setWhole(message),
      (thrown: unknown) => isStale || setFailure(messageOf(thrown)),
    );
    return () => {
      isStale = true;
    };
  }, []);
  return { message: whole ?? preview, failure };
}

/** The message as plain data for the clipboard; JSON values stay text, so that no digit changes. */
function plainMessage({ topic, partition, offset, timestampMs, key, value, headers }: Message): unknown {
  const plain = ({ format, text }: Decoded) =>
    format === 'null' ? null : format === 'bytes' ? { base64: text } : format === 'json' ? prettyJsonText(text) : text;
  return {
    topic,
    partition,
    offset,
    timestamp: new Date(Math.max(0, timestampMs)).toISOString(),
    key: plain(key),
    value: plain(value),
    headers: headers.map((header) => ({ key: header.key, value: plain(header.value) })),
  };
}
