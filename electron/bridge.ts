/** Where the window finds the studio. */
export interface StudioAddress {
  /** `ws://127.0.0.1:PORT/studio`. */
  readonly url: string;
  readonly token: string;
}

/** Kinds of file that a dialog offers. */
export interface FileKindFilter {
  readonly name: string;
  /** Without the dot. */
  readonly extensions: readonly string[];
}

/** What the desktop shell gives to its window as `window.millraceDesktop`. The preload script is its one implementation. */
export interface DesktopBridge {
  /** Where the studio is now; waits while it starts. Rejects when it cannot be started, with the reason. */
  studioAddress(): Promise<StudioAddress>;
  /** Asks for a folder; null when the user cancels. */
  chooseFolder(title: string): Promise<string | null>;
  /** Asks where to put a file and writes it; the path, or null when the user cancels. */
  saveFile(suggestedName: string, contentBase64: string, kinds: readonly FileKindFilter[]): Promise<string | null>;
  /** A menu item was chosen: the id of a command of the designer. Returns a function that ends the subscription. */
  onCommand(listener: (commandId: string) => void): () => void;
  /** Tells the shell what the title bar shows, and whether closing would lose something. */
  setDocument(document: { readonly title: string; readonly isDirty: boolean }): void;
}

/** Names of the messages that carry the bridge between the window's preload script and the shell. */
export const bridgeChannels = {
  studioAddress: 'millrace:studio-address',
  chooseFolder: 'millrace:choose-folder',
  saveFile: 'millrace:save-file',
  document: 'millrace:document',
  command: 'millrace:command',
} as const;
