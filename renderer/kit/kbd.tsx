import { splitKeys } from './split-keys.ts';

/** A key combination such as `Ctrl+Shift+P`, one cap per key. */
export function Kbd({ keys }: { readonly keys: string }) {
  return (
    <span className="kbd">
      {splitKeys(keys).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
