import { activityRuntime } from '../../../engine/spi/define-runtime.ts';
import type { SharedVariable } from '../variable/shared-variable.ts';
import get from './activity.ts';

/** Reads at the moment of its execution. */
export const runtime = activityRuntime(get, ({ variable }, host) => {
  const value = host.resource<SharedVariable>(variable);
  return { execute: (_input, job) => ({ value: value.get(job) }) };
});
