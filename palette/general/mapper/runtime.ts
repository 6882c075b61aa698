import { activityRuntime } from '../../../engine/spi/define-runtime.ts';
import mapper from './activity.ts';

/** The mapping is the whole work: its result is handed on. */
export const runtime = activityRuntime(mapper, () => ({ execute: (input) => input }));
