import type { Command } from '../commands/command.ts';
import { copy } from '../commands/copy.ts';
import { cut } from '../commands/cut.ts';
import { deleteSelection } from '../commands/delete-selection.ts';
import { duplicate } from '../commands/duplicate.ts';
import { findActivity } from '../commands/find-activity.ts';
import { groupIntoScope } from '../commands/group-into-scope.ts';
import { openProperties } from '../commands/open-properties.ts';
import { paste } from '../commands/paste.ts';
import { rename } from '../commands/rename.ts';
import { runCommand } from '../commands/run-command.ts';
import { selectAll } from '../commands/select-all.ts';
import { tidyLayout } from '../commands/tidy-layout.ts';
import { toggleDisabled } from '../commands/toggle-disabled.ts';
import { toggleScope } from '../commands/toggle-scope.ts';
import { ungroupScope } from '../commands/ungroup-scope.ts';
import type { MenuItem } from '../kit/menu.tsx';
import { Menu } from '../kit/menu.tsx';
import { useStudioStore } from '../store/use-studio.ts';

const entries: readonly (Command | 'separator')[] = [
  openProperties,
  rename,
  toggleDisabled,
  'separator',
  cut,
  copy,
  paste,
  duplicate,
  deleteSelection,
  'separator',
  groupIntoScope,
  ungroupScope,
  toggleScope,
  'separator',
  findActivity,
  selectAll,
  tidyLayout,
];

interface CanvasMenuProps {
  /** Point of the window, px. */
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

/** The context menu of the canvas. */
export function CanvasMenu({ at, onClose }: CanvasMenuProps) {
  const store = useStudioStore();
  const items = entries.map((entry): MenuItem => {
    if (entry === 'separator') return entry;
    return {
      id: entry.id,
      label: entry.title,
      shortcut: entry.id === 'paste' ? 'Ctrl+V' : entry.shortcuts?.[0],
      disabled: !entry.canRun(store.getState()),
      danger: entry === deleteSelection,
      ...(entry.glyph === undefined ? {} : { glyph: entry.glyph }),
      run: () => void runCommand(store, entry),
    };
  });
  return <Menu label="Canvas" anchor={at} items={items} onClose={onClose} />;
}
