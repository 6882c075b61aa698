/** A project's name as the name of a file: what not every file system takes, or would take for a folder, becomes `-`. */
export function bundleFileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|-+$/g, '') || 'project';
}
