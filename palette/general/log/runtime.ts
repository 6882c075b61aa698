import { activityRuntime } from '../../../engine/spi/define-runtime.ts';
import log from './activity.ts';

/** Writes at the level of the settings; text as it is, other data as JSON. */
export const runtime = activityRuntime(log, ({ level }, host) => ({
  execute: ({ message, data }) => {
    const text = typeof message === 'string' ? message : (JSON.stringify(message) ?? '');
    host.log[level](text, data === undefined ? {} : { data });
    return { message: text };
  },
}));
