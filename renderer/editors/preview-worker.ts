import { packExact, unpackExact } from '../../engine/formats/exact-json.ts';
import type { PreviewContext } from './evaluate-preview.ts';
import { evaluatePreview } from './evaluate-preview.ts';
import type { FromPreviewWorker, ToPreviewWorker } from './preview-runner.ts';

let context: PreviewContext = {};

self.addEventListener('message', ({ data }: MessageEvent<ToPreviewWorker>) => {
  if (!('id' in data)) {
    context = unpackExact(data.context) as PreviewContext;
    return;
  }
  const { id, text } = data;
  void evaluatePreview(text, context).then((result) => {
    // A function cannot leave the worker, and is no data anyhow.
    const shown =
      result.kind !== 'value'
        ? result
        : typeof result.value === 'function'
          ? ({ kind: 'error', message: 'expected data, but found a function: call it' } as const)
          : ({ kind: 'value', value: packExact(result.value) } as const);
    const message: FromPreviewWorker = { id, result: shown };
    self.postMessage(message);
  });
});
