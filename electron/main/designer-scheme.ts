import { join, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { net, protocol } from 'electron';

/** Where the window's page lives: an origin of its own, with none of the rights of file: pages. */
export const designerOrigin = 'app://designer';

/** The same policy that the studio sends to a browser: own files only, sockets to this machine. */
const contentSecurityPolicy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self' ws://127.0.0.1:* ws://localhost:*; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Has to be called before the app is ready. */
export function registerDesignerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built designer under `app://designer/`. */
export function serveDesigner(rendererFolder: string): void {
  protocol.handle('app', async (request) => {
    const file = fileOf(rendererFolder, request.url);
    if (file === undefined) return new Response('There is no such file.', { status: 404 });
    const answer = await net.fetch(pathToFileURL(file).href).catch(() => undefined);
    if (!answer?.ok) return new Response('There is no such file.', { status: 404 });
    const headers = new Headers(answer.headers);
    headers.set('content-security-policy', contentSecurityPolicy);
    headers.set('x-content-type-options', 'nosniff');
    return new Response(answer.body, { status: 200, headers });
  });
}

function fileOf(folder: string, url: string): string | undefined {
  const { host, pathname } = new URL(url);
  if (host !== 'designer') return undefined;
  const file = normalize(join(folder, pathname === '/' ? 'index.html' : decodeURIComponent(pathname)));
  return file.startsWith(folder + sep) ? file : undefined;
}
