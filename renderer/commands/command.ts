import type { GlyphName } from '../kit/glyph.tsx';
import type { FilesPort } from '../store/files-port.ts';
import type { StudioState, StudioStore } from '../store/studio-store.ts';

/** The clipboard of the system, as text. `read` may be refused by the browser. */
export interface ClipboardPort {
  write(text: string): Promise<void>;
  read(): Promise<string>;
}

/** What a command works with. */
export interface CommandContext {
  readonly store: StudioStore;
  readonly clipboard: ClipboardPort;
  readonly files: FilesPort;
}

/** Headings under which commands are listed. */
export type CommandGroup = 'File' | 'Edit' | 'View' | 'Run' | 'Project';

/** Something the user can do, by keys, menu, button or the command palette. All of them use this one object. */
export interface Command {
  readonly id: string;
  /** What it does, in the imperative. */
  readonly title: string;
  readonly group: CommandGroup;
  /** Keys, the first of which is shown: `Ctrl+Shift+Z`. Ctrl stands for Cmd on a Mac too. */
  readonly shortcuts?: readonly string[];
  readonly glyph?: GlyphName;
  /** Not listed: arrow keys and the like. */
  readonly isHidden?: boolean;
  /** Works while a text field or the code editor has the focus. */
  readonly worksInText?: boolean;
  readonly canRun: (state: StudioState) => boolean;
  readonly run: (context: CommandContext) => void | Promise<void>;
}

/** For commands that are always possible. */
export const always = (): boolean => true;

/** A project is open. */
export const hasProject = (state: StudioState): boolean => state.project !== null;

/** A process is on the canvas. */
export const hasProcess = (state: StudioState): boolean => state.view === 'design' && state.activeProcess !== null;

/** Activities are marked on the canvas. */
export const hasActivities = (state: StudioState): boolean =>
  hasProcess(state) && state.selection.activities.length > 0;

/** Anything is marked on the canvas. */
export const hasSelection = (state: StudioState): boolean =>
  hasProcess(state) && state.selection.activities.length + state.selection.transitions.length > 0;
