import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { StudioState, StudioStore } from './studio-store.ts';

/** Gives a window's components its store. */
export const StudioContext = createContext<StudioStore | null>(null);

/** The store itself, for event handlers; does not make the component follow it. */
export function useStudioStore(): StudioStore {
  const store = useContext(StudioContext);
  if (store === null) throw new Error('expected a StudioContext above this component, found none');
  return store;
}

/** What `selector` picks from the state; draws again when it changed (compared one level deep). */
export function useStudio<T>(selector: (state: StudioState) => T): T {
  return useStore(useStudioStore(), useShallow(selector));
}
