import { spawn } from 'node:child_process';

/** The command that shows a page on this system, or undefined where nobody would see it: CI, a server without a display. */
export function browserCommand(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): readonly string[] | undefined {
  if (env.CI) return undefined;
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}

/** Shows a page in the user's browser where there is one. Never fails: the address was printed. */
export function openBrowser(url: string): void {
  const [command, ...args] = browserCommand(process.env, process.platform) ?? [];
  if (command === undefined) return;
  spawn(command, [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
