import { messageOf } from '../../engine/base/errors.ts';
import type { StudioStore } from '../store/studio-store.ts';
import type { ClipboardPort, Command } from './command.ts';

/** The window's clipboard. What was written is kept as well, for browsers that forbid reading. */
function createWindowClipboard(): ClipboardPort {
  let lastWritten = '';
  return {
    write: async (text) => {
      lastWritten = text;
      await navigator.clipboard?.writeText(text).catch(() => undefined);
    },
    read: async () => (await navigator.clipboard?.readText().catch(() => undefined)) ?? lastWritten,
  };
}

const windowClipboard = createWindowClipboard();

/** Runs a command when it can be run; says so when it fails. Returns whether it was run. */
export function runCommand(store: StudioStore, command: Command, clipboard: ClipboardPort = windowClipboard): boolean {
  const state = store.getState();
  if (!command.canRun(state)) return false;
  const fail = (thrown: unknown) =>
    store.getState().notify({ tone: 'danger', text: `${command.title} failed: ${messageOf(thrown)}` });
  try {
    Promise.resolve(command.run({ store, clipboard, files: state.files })).catch(fail);
  } catch (thrown) {
    fail(thrown);
  }
  return true;
}
