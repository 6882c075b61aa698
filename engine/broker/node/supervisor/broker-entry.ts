import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cacheName = '.compile-cache';

/**
 * The program of a broker process: the TypeScript source while this file is one, else the bundle beside the bundle that
 * this file is in (`dist/engine/broker.js`).
 */
export function brokerEntryPath(): string {
  return fileURLToPath(new URL(isSource() ? '../main.ts' : './broker.js', import.meta.url));
}

/**
 * Where a broker keeps its compiled code: beside its program, so that a new cluster starts as fast as an old one; in the
 * cluster's folder where the program's is not ours to write.
 */
export function compileCacheFolder(clusterFolder: string): string {
  const programFolder = dirname(brokerEntryPath());
  return join(!isSource() && mayWrite(programFolder) ? programFolder : clusterFolder, cacheName);
}

function isSource(): boolean {
  return import.meta.url.endsWith('.ts');
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
