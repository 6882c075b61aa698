import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const waitMs = 200;
let collect: (() => void) | undefined;
let isPlanned = false;

/**
 * Collects garbage a moment from now. Buffers that a closed connection leaves behind go back to the system only then, and a
 * process that has become idle would not do it by itself.
 */
export function collectGarbageSoon(): void {
  if (isPlanned) return;
  isPlanned = true;
  setTimeout(() => {
    isPlanned = false;
    if (!collect) {
      setFlagsFromString('--expose-gc');
      collect = runInNewContext('gc') as () => void;
    }
    collect();
  }, waitMs).unref();
}
