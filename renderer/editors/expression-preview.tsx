import { useEffect, useState } from 'react';
import { Glyph } from '../kit/glyph.tsx';
import type { PreviewResult } from './evaluate-preview.ts';
import { previewInWorker } from './preview-in-worker.ts';
import type { Preview } from './use-preview.ts';

interface ExpressionPreviewProps {
  readonly text: string;
  readonly preview: Preview;
  readonly testId: string;
}

/** Characters of a value that are shown. */
const valueShownMax = 4000;

/** What an expression gives on the sample data, as it is typed. */
export function ExpressionPreview({ text, preview, testId }: ExpressionPreviewProps) {
  const [result, setResult] = useState<PreviewResult>();
  const { context, source } = preview;
  useEffect(() => {
    let stale = false;
    void previewInWorker(text, context).then((next) => stale || setResult(next));
    return () => {
      stale = true;
    };
  }, [text, context]);
  if (text.trim() === '' || result === undefined) return null;
  if (result.kind === 'error') {
    return (
      <p className="expression-preview is-error" data-testid={testId} role="status">
        <Glyph name="error" size={13} />
        {result.message}
      </p>
    );
  }
  if (result.kind === 'nothing') {
    return (
      <p className="expression-preview is-nothing" data-testid={testId} role="status">
        {source === null ? 'no value without sample data' : 'nothing (the path is not in the sample)'}
      </p>
    );
  }
  return (
    <pre
      className={source === null ? 'expression-preview is-nothing' : 'expression-preview'}
      title={source === null ? 'Computed without sample data: what it reads of it is missing' : undefined}
      data-testid={testId}
      role="status"
    >
      {valueText(result.value)}
    </pre>
  );
}

function valueText(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? String(value);
  return text.length > valueShownMax ? `${text.slice(0, valueShownMax)}…` : text;
}
