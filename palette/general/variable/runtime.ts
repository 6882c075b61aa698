import { resourceRuntime } from '../../../engine/spi/define-runtime.ts';
import variable from './activity.ts';
import { SharedVariable } from './shared-variable.ts';

/** A variable of a run. An initial value that needs the interpreter is waited for. */
export const runtime = resourceRuntime(variable, async (config, host) => {
  const initial = config.initial === undefined ? undefined : await host.compile(config.initial)({});
  return { value: new SharedVariable(config, host, initial), close: async () => {} };
});
