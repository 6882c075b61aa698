/** Where a file that the window made goes: a download in a browser, a file dialog on the desktop. */
export interface FilesPort {
  /** Resolves with what to say about the place, or undefined when the user cancelled. `kind` names such files in a dialog. */
  save(fileName: string, contentBase64: string, kind: string): Promise<string | undefined>;
}
