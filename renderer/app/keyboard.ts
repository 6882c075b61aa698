import type { ClipboardPort, Command } from '../commands/command.ts';
import { commands } from '../commands/commands.ts';
import { copy } from '../commands/copy.ts';
import { cut } from '../commands/cut.ts';
import { pasteText } from '../commands/paste.ts';
import { runCommand } from '../commands/run-command.ts';
import { matchesShortcut } from '../commands/shortcut.ts';
import { isText, settleTyping } from '../kit/settle-typing.ts';
import type { StudioStore } from '../store/studio-store.ts';

/** Lets keys run commands. Returns a function that ends it. */
export function followKeyboard(store: StudioStore): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || store.getState().overlay !== null) return;
    const command = commandFor(event, store);
    // Editors have chords of their own: keys that work everywhere are taken before they arrive there, all others after.
    const isEarly = event.eventPhase === Event.CAPTURING_PHASE;
    if (command === undefined || command === copy || command === cut) return;
    if (isEarly !== (command.worksInText === true)) return;
    event.preventDefault();
    if (isEarly) event.stopPropagation();
    runCommand(store, command);
  };
  const onPaste = (event: ClipboardEvent) => {
    const { view, overlay } = store.getState();
    if (isText(event.target) || view !== 'design' || overlay !== null) return;
    const text = event.clipboardData?.getData('text/plain') ?? '';
    event.preventDefault();
    pasteText(store, text, 'Paste');
  };
  const onCopy = (event: ClipboardEvent) => copyMarked(store, event);
  document.addEventListener('keydown', onKeyDown, true);
  document.addEventListener('keydown', onKeyDown);
  document.addEventListener('paste', onPaste);
  document.addEventListener('copy', onCopy);
  document.addEventListener('cut', onCopy);
  return () => {
    document.removeEventListener('keydown', onKeyDown, true);
    document.removeEventListener('keydown', onKeyDown);
    document.removeEventListener('paste', onPaste);
    document.removeEventListener('copy', onCopy);
    document.removeEventListener('cut', onCopy);
  };
}

/** Copy and cut go through the browser's own event: it needs no permission, and what it writes is there at once. */
function copyMarked(store: StudioStore, event: ClipboardEvent): void {
  const hasMarkedText = document.getSelection()?.isCollapsed === false;
  if (isText(event.target) || hasMarkedText || store.getState().overlay !== null) return;
  const clipboard: ClipboardPort = {
    write: async (text) => event.clipboardData?.setData('text/plain', text),
    read: async () => '',
  };
  if (runCommand(store, event.type === 'cut' ? cut : copy, clipboard)) event.preventDefault();
}

function commandFor(event: KeyboardEvent, store: StudioStore): Command | undefined {
  const matching = commands.filter((command) => command.shortcuts?.some((keys) => matchesShortcut(event, keys)));
  if (matching.some((one) => one.worksInText)) settleTyping(event.target);
  const command = matching.find((one) => one.canRun(store.getState()));
  // The browser's own "save page" and "open file" must not come up when ours have nothing to do.
  if (command === undefined) {
    if (matching.some((one) => one.worksInText)) event.preventDefault();
    return undefined;
  }
  if (command.worksInText || event.key.startsWith('F')) return command;
  if (isText(event.target)) return isHistory(command) && !hasDraft(event.target) ? command : undefined;
  return needsCanvas(event) && !isOnCanvas(event.target) ? undefined : command;
}

/** Undo reaches the document from a field too, unless the field has typing of its own to take back. */
function isHistory(command: Command): boolean {
  return command.id === 'undo' || command.id === 'redo';
}

function hasDraft(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.dataset.draft !== undefined || target.closest('.monaco-editor') !== null)
  );
}

/** Keys that every control uses itself: they mean the canvas only while nothing else has the focus. */
function needsCanvas(event: KeyboardEvent): boolean {
  if (event.altKey) return false;
  return event.key === ' ' || event.key === 'Enter' || event.key.startsWith('Arrow') || event.key === 'Backspace';
}

function isOnCanvas(target: EventTarget | null): boolean {
  return (
    target === document.body ||
    (target instanceof Element && target.closest('.canvas') !== null && target.closest('button') === null)
  );
}
