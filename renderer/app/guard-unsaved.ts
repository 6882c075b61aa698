import { settleTyping } from '../kit/settle-typing.ts';
import { isDirty } from '../store/document-slice.ts';
import type { StudioStore } from '../store/studio-store.ts';

/** Lets the browser ask before a page with unsaved changes goes. Returns a function that ends it. */
export function guardUnsaved(store: StudioStore): () => void {
  const onLeave = (event: BeforeUnloadEvent) => {
    settleTyping(document.activeElement);
    if (isDirty(store.getState())) event.preventDefault();
  };
  addEventListener('beforeunload', onLeave);
  return () => removeEventListener('beforeunload', onLeave);
}
