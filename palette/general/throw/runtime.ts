import { MillraceError } from '../../../engine/base/errors.ts';
import { activityRuntime } from '../../../engine/spi/define-runtime.ts';
import thrown from './activity.ts';

/** Its failure is its whole work. Data that is not text is written as JSON. */
export const runtime = activityRuntime(thrown, ({ code, retriable }) => ({
  execute: ({ message, data }) => {
    const text = typeof message === 'string' ? message : (JSON.stringify(message) ?? '');
    throw new MillraceError(code, text, { retriable, details: data === undefined ? {} : { data } });
  },
}));
