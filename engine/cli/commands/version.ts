import { engineVersion } from '../../base/engine-version.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-code.ts';

export const version: Command = {
  positionals: [],
  options: {},
  async run({ output }) {
    output.result(
      { version: engineVersion, node: process.versions.node },
      `millrace ${engineVersion} (Node.js ${process.versions.node})`,
    );
    return exitCode.ok;
  },
};
