import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../../scripts/build.ts';

/** A fresh machine starts three brokers in a second; a busy one needs longer. */
const startMsMax = 60_000;

export interface StudioStart {
  readonly projectPath: string;
  /** Folder of the cluster; undefined: none. */
  readonly clusterFolder?: string;
  readonly port?: number;
  readonly token?: string;
}

/** `millrace studio` as a user starts it, from the build. */
export class RunningStudio {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get token(): string {
    return new URLSearchParams(new URL(this.url).hash.slice(1)).get('token') ?? '';
  }

  static start({ projectPath, clusterFolder, port = 0, token }: StudioStart): Promise<RunningStudio> {
    const cluster = clusterFolder === undefined ? ['--no-cluster'] : ['--data', clusterFolder];
    const script = join(projectFolder, 'dist/engine/cli.js');
    const args = [script, 'studio', projectPath, '--port', String(port), '--no-open', '--json', ...cluster];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        MILLRACE_HOME: join(projectPath, '..', 'home'),
        ...(token ? { MILLRACE_STUDIO_TOKEN: token } : {}),
      },
    });
    return new Promise((resolve, reject) => {
      let output = '';
      let errors = '';
      const timer = setTimeout(() => reject(new Error(`the studio was not ready in time: ${errors}`)), startMsMax);
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        errors += text;
      });
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const url = /"url":\s*"([^"]+)"/.exec(output)?.[1];
        if (url === undefined) return;
        clearTimeout(timer);
        resolve(new RunningStudio(child, url));
      });
      child.on('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`the studio ended with exit code ${code}: ${errors}`));
      });
    });
  }

  /** Ends it as Ctrl+C does; resolves when it is gone. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await gone;
  }
}

/** A copy of the sample project that a test may change, in a folder of its own. */
export function copySample(): { readonly folder: string; readonly projectPath: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-e2e-'));
  const projectPath = join(folder, 'earthquakes');
  cpSync(join(projectFolder, 'examples/earthquakes'), projectPath, {
    recursive: true,
    filter: (path) => !path.includes('.millrace'),
  });
  return { folder, projectPath, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
