import { fileURLToPath } from 'node:url';

/**
 * The program of a broker process: the TypeScript source while this file is one, else the bundle beside the bundle that
 * this file is in (`dist/engine/broker.js`).
 */
export function brokerEntryPath(): string {
  const isSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(isSource ? '../main.ts' : './broker.js', import.meta.url));
}
