import { readStored, writeStored } from '../kit/use-stored.ts';
import type { Theme } from '../store/session-slice.ts';
import type { StudioStore } from '../store/studio-store.ts';

/** Shows the remembered theme, else the system's, and follows what the user chooses. Returns a function that ends it. */
export function followTheme(store: StudioStore): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = readStored<Theme | null>('theme', null);
  const systemTheme = (): Theme => (system.matches ? 'dark' : 'light');
  const apply = (theme: Theme) => {
    document.documentElement.dataset.theme = theme;
  };
  store.getState().show({ theme: chosen ?? systemTheme() });
  apply(store.getState().theme);
  const end = store.subscribe((state, before) => {
    if (state.theme === before.theme) return;
    apply(state.theme);
    if (state.theme !== systemTheme() || readStored('theme', null) !== null) writeStored('theme', state.theme);
  });
  const onSystem = () => {
    if (readStored('theme', null) === null) store.getState().show({ theme: systemTheme() });
  };
  system.addEventListener('change', onSystem);
  return () => {
    end();
    system.removeEventListener('change', onSystem);
  };
}
