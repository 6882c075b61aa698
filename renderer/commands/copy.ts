import { clip, clippingText } from '../edits/clipping.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { StudioState } from '../store/studio-store.ts';
import type { Command } from './command.ts';
import { hasActivities } from './command.ts';

/** Puts the marked activities on the clipboard, as JSON text. */
export const copy: Command = {
  id: 'copy',
  title: 'Copy',
  group: 'Edit',
  shortcuts: ['Ctrl+C'],
  glyph: 'copy',
  canRun: hasActivities,
  run: ({ store, clipboard }) => clipboard.write(selectionText(store.getState())),
};

/** The marked activities as text for the clipboard. */
export function selectionText(state: StudioState): string {
  const process = activeProcessOf(state);
  return process === undefined ? '' : clippingText(clip(process, state.selection.activities));
}
