import { useState } from 'react';
import { messageOf } from '../../../engine/base/errors.ts';

/** An action of a dialog: one at a time, and what kept it from happening. */
export function useAction(action: () => Promise<void>) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const run = () => {
    if (isBusy) return;
    setBusy(true);
    setFailure(undefined);
    action()
      .catch((thrown: unknown) => setFailure(messageOf(thrown)))
      .finally(() => setBusy(false));
  };
  return { run, isBusy, failure };
}
