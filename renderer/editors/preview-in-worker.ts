import type { EvaluatePreview } from './evaluate-preview.ts';
import { evaluatePreview } from './evaluate-preview.ts';
import type { FromPreviewWorker } from './preview-runner.ts';
import { PreviewRunner } from './preview-runner.ts';

let runner: PreviewRunner | undefined;

/** Evaluates a preview away from the window's thread; at once where there are no workers (tests). */
export const previewInWorker: EvaluatePreview = (text, context) => {
  if (typeof Worker === 'undefined') return evaluatePreview(text, context);
  runner ??= new PreviewRunner({
    spawn: (onMessage) => {
      const worker = new Worker(new URL('./preview-worker.ts', import.meta.url), { type: 'module' });
      worker.addEventListener('message', ({ data }: MessageEvent<FromPreviewWorker>) => onMessage(data));
      return worker;
    },
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  });
  return runner.evaluate(text, context);
};
