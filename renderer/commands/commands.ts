import { clearSelection } from './clear-selection.ts';
import type { Command } from './command.ts';
import { connectSelected } from './connect-selected.ts';
import { copy } from './copy.ts';
import { cut } from './cut.ts';
import { deleteSelection } from './delete-selection.ts';
import { duplicate } from './duplicate.ts';
import { exportBundle } from './export-bundle.ts';
import { findActivity } from './find-activity.ts';
import { gather } from './gather.ts';
import { groupIntoScope } from './group-into-scope.ts';
import { newProcess } from './new-process.ts';
import { newProject } from './new-project.ts';
import { newKafkaConnection } from './new-resource.ts';
import { nudges } from './nudge.ts';
import { openProject } from './open-project.ts';
import { openProperties } from './open-properties.ts';
import { paste } from './paste.ts';
import { redo } from './redo.ts';
import { rename } from './rename.ts';
import { runProject } from './run-project.ts';
import { save } from './save.ts';
import { selectAll } from './select-all.ts';
import { showCommands } from './show-commands.ts';
import { showShortcuts } from './show-shortcuts.ts';
import { stopRun } from './stop-run.ts';
import { tidyLayout } from './tidy-layout.ts';
import { toggleDisabled } from './toggle-disabled.ts';
import { panelCommands } from './toggle-panels.ts';
import { toggleScope } from './toggle-scope.ts';
import { toggleTheme } from './toggle-theme.ts';
import { undo } from './undo.ts';
import { ungroupScope } from './ungroup-scope.ts';
import { walks } from './walk.ts';
import { zooms } from './zoom.ts';

/** Every command, in the order of menus and lists. */
export const commands: readonly Command[] = [
  runProject,
  stopRun,
  save,
  newProject,
  openProject,
  exportBundle,
  undo,
  redo,
  cut,
  copy,
  paste,
  duplicate,
  deleteSelection,
  selectAll,
  gather,
  clearSelection,
  rename,
  openProperties,
  toggleDisabled,
  tidyLayout,
  connectSelected,
  groupIntoScope,
  ungroupScope,
  toggleScope,
  findActivity,
  newProcess,
  newKafkaConnection,
  ...nudges,
  ...walks,
  ...zooms,
  ...panelCommands,
  toggleTheme,
  showCommands,
  showShortcuts,
];
