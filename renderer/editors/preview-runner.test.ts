import { expect, it } from 'vitest';
import { ExactNumber } from '../../engine/formats/exact-number.ts';
import type { FromPreviewWorker, ToPreviewWorker } from './preview-runner.ts';
import { PreviewRunner, previewMsMax } from './preview-runner.ts';

/** A runner over workers that answer when the test says so. */
function runner() {
  const workers: { messages: ToPreviewWorker[]; isEnded: boolean; answer: (message: FromPreviewWorker) => void }[] = [];
  let expire = () => {};
  const previews = new PreviewRunner({
    spawn: (answer) => {
      const worker = { messages: [] as ToPreviewWorker[], isEnded: false, answer };
      workers.push(worker);
      return {
        postMessage: (message) => worker.messages.push(message),
        terminate: () => {
          worker.isEnded = true;
        },
      };
    },
    after: (_delayMs, callback) => {
      expire = callback;
      return () => {
        expire = () => {};
      };
    },
  });
  return { previews, workers, expire: () => expire() };
}

it('ends a worker whose expression does not end, and evaluates the next one in a new worker', async () => {
  const { previews, workers, expire } = runner();
  const context = { receive: { value: 1 } };
  const endless = previews.evaluate('endless', context);
  const next = previews.evaluate('receive.value', context);
  expect(workers[0]!.messages).toEqual([{ context }, { id: 1, text: 'endless' }]);
  expire();
  expect(await endless).toEqual({
    kind: 'error',
    message: `no result within ${previewMsMax / 1000} seconds on this sample`,
  });
  expect(workers[0]!.isEnded).toBe(true);
  expect(workers[1]!.messages).toEqual([{ context }, { id: 2, text: 'receive.value' }]);
  workers[1]!.answer({ id: 2, result: { kind: 'value', value: 1 } });
  expect(await next).toEqual({ kind: 'value', value: 1 });
});

it('sends a context once, and numbers that a double cannot hold with all their digits', async () => {
  const { previews, workers } = runner();
  const id = new ExactNumber('9007199254740993');
  const context = { receive: { id } };
  const first = previews.evaluate('a', context);
  const second = previews.evaluate('b', context);
  workers[0]!.answer({ id: 1, result: { kind: 'value', value: structuredClone({ ...id }) } });
  expect(await first).toEqual({ kind: 'value', value: id });
  workers[0]!.answer({ id: 2, result: { kind: 'nothing' } });
  expect(await second).toEqual({ kind: 'nothing' });
  expect(structuredClone(workers[0]!.messages)).toHaveLength(3);
});
