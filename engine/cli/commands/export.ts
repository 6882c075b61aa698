import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { catalog } from '../../../palette/catalog.ts';
import { messageOf } from '../../base/errors.ts';
import { BundleError } from '../../bundle/bundle-error.ts';
import { bundleFileName } from '../../bundle/bundle-file-name.ts';
import { readDataFile } from '../../bundle/data-files.ts';
import { exportBundle, sha256 } from '../../bundle/export-bundle.ts';
import { openSource } from '../../bundle/open-source.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../command.ts';
import { textOption } from '../command-values.ts';
import { exitCode } from '../exit-code.ts';
import { refuseInvalid } from '../report-problems.ts';

/** Puts a bundle in its place in one step: whoever runs it meanwhile has the old one or the new one. Throws BUNDLE_NOT_WRITTEN. */
function writeBundle(file: string, bytes: Uint8Array): void {
  let part = '';
  try {
    const known = statSync(file, { throwIfNoEntry: false });
    // A pipe or a device stays what it is.
    if (known && !known.isFile()) {
      writeFileSync(file, bytes);
      return;
    }
    const target = known ? realpathSync(file) : file;
    // In the same folder, so that the last step is a rename; with a name of its own, so that two exports do not mix.
    part = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
    writeFileSync(part, bytes);
    renameSync(part, target);
  } catch (cause) {
    if (part) rmSync(part, { force: true });
    throw new BundleError('BUNDLE_NOT_WRITTEN', `could not write the bundle ${file}: ${messageOf(cause)}`, { cause });
  }
}

export const exportCommand: Command = {
  positionals: [{ name: 'project', isRequired: true, help: 'Project folder' }],
  options: {
    output: { type: 'string', short: 'o', value: 'file', help: 'Bundle to write; <name>.millrace by default' },
  },
  async run(invocation) {
    const wanted = textOption(invocation, 'output');
    if (wanted === '') throw new UsageError('--output: expected the name of a file, found nothing');
    const source = openSource(invocation.positionals[0]!);
    try {
      const file = wanted ?? `${bundleFileName(source.project.name)}.millrace`;
      refuseInvalid(source.project);
      const leftOut: string[] = [];
      const bytes = exportBundle(source.project, {
        catalog,
        readFile: (path) => readDataFile(source.folder, path),
        leftOut: (path, { message }) => {
          leftOut.push(path);
          invocation.output.note(`left out "${path}", which a property names: ${message}`);
        },
      });
      writeBundle(file, bytes);
      const hash = sha256(bytes);
      invocation.output.result(
        { file, sizeBytes: bytes.length, sha256: hash, leftOut },
        `exported ${source.project.name} ${source.project.version} to ${file} (${bytes.length} bytes, sha256 ${hash})`,
      );
      return exitCode.ok;
    } finally {
      source.close();
    }
  },
};
