import { readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { catalog } from '../../../palette/catalog.ts';
import { messageOf } from '../../base/errors.ts';
import { BundleError } from '../../bundle/bundle-error.ts';
import { exportBundle, sha256 } from '../../bundle/export-bundle.ts';
import { openSource } from '../../bundle/open-source.ts';
import type { Command } from '../command.ts';
import { textOption } from '../command-values.ts';
import { exitCode } from '../exit-code.ts';
import { refuseInvalid } from '../report-problems.ts';

function readProjectFile(folder: string, path: string): Uint8Array {
  const full = resolve(folder, path);
  const inside = relative(folder, full);
  if (inside.startsWith('..') || isAbsolute(inside))
    throw new BundleError('BUNDLE_FILE_OUTSIDE', `expected a file inside the project folder, found "${path}"`);
  try {
    return readFileSync(full);
  } catch (cause) {
    throw new BundleError(
      'BUNDLE_FILE_UNREADABLE',
      `could not read "${path}", which an activity names: ${messageOf(cause)}`,
      { cause },
    );
  }
}

export const exportCommand: Command = {
  positionals: [{ name: 'project', isRequired: true, help: 'Project folder' }],
  options: {
    output: { type: 'string', short: 'o', value: 'file', help: 'Bundle to write; <name>.millrace by default' },
  },
  async run(invocation) {
    const source = openSource(invocation.positionals[0]!);
    try {
      refuseInvalid(source.project);
      const bytes = exportBundle(source.project, { catalog, readFile: (path) => readProjectFile(source.folder, path) });
      const file = textOption(invocation, 'output') ?? join('.', `${source.project.name}.millrace`);
      writeFileSync(file, bytes);
      const hash = sha256(bytes);
      invocation.output.result(
        { file, sizeBytes: bytes.length, sha256: hash },
        `exported ${source.project.name} ${source.project.version} to ${file} (${bytes.length} bytes, sha256 ${hash})`,
      );
      return exitCode.ok;
    } finally {
      source.close();
    }
  },
};
