import { openSource } from '../../bundle/open-source.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { describeProblem, projectProblems } from '../report-problems.ts';

export const validate: Command = {
  positionals: [{ name: 'project', isRequired: true, help: 'Project folder or bundle' }],
  options: {},
  async run({ positionals, output }) {
    const source = openSource(positionals[0]!);
    try {
      const problems = projectProblems(source.project);
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      const summary = `${source.project.name}: ${errors} errors, ${problems.length - errors} warnings`;
      output.result(
        { project: source.project.name, errors, problems },
        [...problems.map(describeProblem), summary].join('\n'),
      );
      return errors ? exitCode.invalidProject : exitCode.ok;
    } finally {
      source.close();
    }
  },
};
