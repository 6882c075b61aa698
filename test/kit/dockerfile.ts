import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** A container image as far as a plain folder can be one: its last stage, followed step by step. */
export interface BuiltImage {
  /** Words of ENTRYPOINT and CMD. */
  readonly command: readonly string[];
  /** Of ENV, with paths in the folder. */
  readonly environment: Readonly<Record<string, string>>;
  /** What HEALTHCHECK runs. */
  readonly healthCheck: string;
  /** Paths of VOLUME, in the folder. */
  readonly volumes: readonly string[];
}

/** Commands that want rights or a user that only an image has. */
const stubs = ['chown'];

function instructionsOf(path: string): Instruction[] {
  const text = readFileSync(path, 'utf8').replaceAll(/\\\n/g, ' ');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const end = line.indexOf(' ');
      return { name: line.slice(0, end), text: line.slice(end + 1).trim() };
    });
}

/** Follows the steps of a Dockerfile in `root`, in which absolute paths lie; `contextFiles` are the files that COPY finds, from `context`. */
export function buildInFolder(
  dockerfile: string,
  context: string,
  contextFiles: readonly string[],
  root: string,
): BuiltImage {
  const inRoot = (text: string) => text.replaceAll(/(?<![\w.])\/(?=(?:src|opt|usr\/local|var\/lib)\b)/g, `${root}/`);
  const bin = join(root, 'stubs');
  mkdirSync(bin, { recursive: true });
  for (const stub of stubs) {
    writeFileSync(join(bin, stub), '#!/bin/sh\n');
    chmodSync(join(bin, stub), 0o755);
  }
  const path = [bin, dirname(process.execPath), process.env.PATH].join(':');
  let folder = root;
  let environment: Record<string, string> = {};
  const image = { command: [] as string[], entry: [] as string[], healthCheck: '', volumes: [] as string[] };
  for (const { name, text } of instructionsOf(dockerfile)) {
    if (name === 'FROM') {
      folder = root;
      environment = {};
    } else if (name === 'WORKDIR') {
      folder = inRoot(text);
      mkdirSync(folder, { recursive: true });
    } else if (name === 'COPY') copy(text, { context, contextFiles, folder, inRoot });
    else if (name === 'RUN') {
      mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
      const env = { ...process.env, ...environment, PATH: path };
      const { status, stdout, stderr } = spawnSync('sh', ['-ec', inRoot(text)], { cwd: folder, env, encoding: 'utf8' });
      if (status !== 0) throw new Error(`RUN ${text} ended with ${status}:\n${stdout}\n${stderr}`);
    } else if (name === 'ENV') {
      const [key = '', value = ''] = text.split(/=(.*)/s);
      environment[key] = inRoot(value);
    } else if (name === 'VOLUME') image.volumes.push(inRoot(text));
    else if (name === 'ENTRYPOINT') image.entry = JSON.parse(text) as string[];
    else if (name === 'CMD') image.command = JSON.parse(text) as string[];
    else if (name === 'HEALTHCHECK') image.healthCheck = text.slice(text.indexOf('CMD ') + 4);
    else if (name !== 'USER' && name !== 'EXPOSE') throw new Error(`expected a known instruction, found ${name}`);
  }
  return { ...image, command: [...image.entry, ...image.command], environment };
}

interface CopyGround {
  readonly context: string;
  readonly contextFiles: readonly string[];
  readonly folder: string;
  readonly inRoot: (text: string) => string;
}

function copy(text: string, { context, contextFiles, folder, inRoot }: CopyGround): void {
  const words = text.split(/\s+/);
  const isFromStage = words[0]?.startsWith('--from=');
  if (isFromStage) words.shift();
  const target = resolve(folder, inRoot(words.pop() ?? ''));
  for (const source of words) {
    if (isFromStage) {
      const from = inRoot(source);
      cpSync(from, statSync(from).isDirectory() ? target : join(target, basename(from)), { recursive: true });
      continue;
    }
    const wanted = source === '.' ? contextFiles : contextFiles.filter((file) => file === source);
    if (wanted.length === 0) throw new Error(`expected ${source} in the context, found none`);
    for (const file of wanted) cpSync(join(context, file), join(target, file));
  }
}
