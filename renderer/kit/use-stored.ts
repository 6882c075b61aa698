import { useCallback, useState } from 'react';

const prefix = 'millrace.';

/** Reads a value this window remembers; `fallback` when there is none or it cannot be read. */
export function readStored<T>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(prefix + key);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

/** Remembers a value for later windows. A full or forbidden storage loses only the comfort. */
export function writeStored(key: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // Private windows forbid storage; sizes then last as long as the window.
  }
}

/** State that survives a reload, in localStorage under `millrace.<key>`. */
export function useStored<T>(key: string, fallback: T): readonly [T, (value: T) => void] {
  const [value, setValue] = useState(() => readStored(key, fallback));
  const store = useCallback(
    (next: T) => {
      setValue(next);
      writeStored(key, next);
    },
    [key],
  );
  return [value, store];
}
