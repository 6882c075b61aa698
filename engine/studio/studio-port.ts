import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MillraceError } from '../base/errors.ts';

/** Tried by a user's first designer: a browser keeps theme, sizes and bookmarks by the port too, so it has to stay. */
export const preferredStudioPort = 4_580;

const fileName = 'studio-port';
const portMax = 65_535;

/** The port of this user's last designer; `preferredStudioPort` when there was none or its note cannot be read. */
export function rememberedPort(userFolder: string): number {
  try {
    const port = Number(readFileSync(join(userFolder, fileName), 'utf8').trim());
    return Number.isInteger(port) && port > 0 && port <= portMax ? port : preferredStudioPort;
  } catch {
    return preferredStudioPort;
  }
}

/**
 * Listens on the remembered port, or on any free one while that is taken (a second designer of the same user). What was taken for
 * want of the other is not remembered: the next start tries the old port again.
 */
export async function listenWhereBefore<Listening extends { readonly port: number }>(
  userFolder: string,
  listen: (port: number) => Promise<Listening>,
): Promise<Listening> {
  const port = rememberedPort(userFolder);
  try {
    const listening = await listen(port);
    remember(userFolder, port);
    return listening;
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code !== 'STUDIO_PORT_IN_USE') throw error;
    return listen(0);
  }
}

function remember(userFolder: string, port: number): void {
  try {
    mkdirSync(userFolder, { recursive: true, mode: 0o700 });
    writeFileSync(join(userFolder, fileName), `${port}\n`);
  } catch {
    // A home that cannot be written costs a bookmark, not the designer.
  }
}
