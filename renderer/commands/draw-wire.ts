import type { WantedWire } from '../edits/can-connect.ts';
import { whyNotConnect } from '../edits/can-connect.ts';
import { connect, transitionIdFor } from '../edits/connect.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { StudioStore } from '../store/studio-store.ts';

/** Connects two activities and marks the wire; says why when it cannot be done. */
export function drawWire(store: StudioStore, wire: WantedWire): void {
  const { palette, edit, select, notify } = store.getState();
  const process = activeProcessOf(store.getState());
  if (process === undefined) return;
  const reason = whyNotConnect(process, palette, wire);
  if (reason !== undefined) {
    notify({ tone: 'warning', text: reason });
    return;
  }
  const id = transitionIdFor(process.transitions, wire.from, wire.to);
  edit('Connect', connect(process.id, { ...wire, id }));
  select({ transitions: [id] });
}
