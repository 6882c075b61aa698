import { desktop } from './desktop.ts';

/**
 * Gives a file to the user: asks where to put it on the desktop, downloads it in a browser. Resolves with what to say about it,
 * or undefined when the user cancelled.
 */
export async function handOverFile(fileName: string, contentBase64: string, kind: string): Promise<string | undefined> {
  const shell = desktop();
  if (shell) {
    const extension = fileName.split('.').at(-1) ?? '';
    const path = await shell.saveFile(fileName, contentBase64, [{ name: kind, extensions: [extension] }]);
    return path ?? undefined;
  }
  const bytes = Uint8Array.from(atob(contentBase64), (character) => character.charCodeAt(0));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
  return fileName;
}
