import { commands } from '../commands/commands.ts';
import { runCommand } from '../commands/run-command.ts';
import { isTyping, settleTyping } from '../kit/settle-typing.ts';
import { isDirty } from '../store/document-slice.ts';
import type { StudioStore } from '../store/studio-store.ts';
import { desktop } from './desktop.ts';

/** Connects the desktop shell, when there is one: its menu runs commands, its title bar shows the project. */
export function followDesktop(store: StudioStore): void {
  const shell = desktop();
  if (!shell) return;
  shell.onCommand((commandId) => {
    const command = commands.find(({ id }) => id === commandId);
    if (command?.worksInText) settleTyping(document.activeElement);
    if (command) runCommand(store, command);
  });
  const tell = () => {
    const state = store.getState();
    const title = state.project === null ? 'Millrace' : `${state.project.name} – Millrace`;
    shell.setDocument({ title, isDirty: isDirty(state) || isTyping() });
  };
  // What is typed and not settled yet must not go with a window that is closed; the field itself knows of it a moment later.
  for (const event of ['input', 'focusout']) document.addEventListener(event, () => setTimeout(tell));
  store.subscribe((state, before) => {
    if (
      state.project !== before.project ||
      state.history !== before.history ||
      state.savedVersion !== before.savedVersion
    )
      tell();
  });
  tell();
}
