import { createContext, useContext, useEffect, useState } from 'react';
import type { Activity } from '../../../engine/model/document.ts';
import type { Problem } from '../../../engine/model/problem.ts';
import type { ActivityDeclaration } from '../../../engine/spi/define-activity.ts';
import { useStudio } from '../../store/use-studio.ts';

/** What is missing, as opposed to wrong: it is there before the user did anything. */
const missingCodes: ReadonlySet<string> = new Set(['CONFIG_MISSING', 'INPUT_MISSING', 'CONDITION_MISSING']);

/** True from a Run that was refused for its errors until there are none. */
export const RunTriedContext = createContext(false);

/** Whether the user tried to run the project as it stands, with errors. */
export function useRunTried(): boolean {
  const { isRefused, hasErrors } = useStudio((state) => ({
    isRefused: state.notices.some(({ about }) => about === 'start'),
    hasErrors: state.problems.some(({ severity }) => severity === 'error'),
  }));
  const [wasTried, setTried] = useState(false);
  // The notice may be closed while the errors are still there.
  useEffect(() => {
    if (!hasErrors) setTried(false);
    else if (isRefused) setTried(true);
  }, [isRefused, hasErrors]);
  return hasErrors && (wasTried || isRefused);
}

/** Problems to show beside fields: nobody is told off for what he has not come to yet. Marks and the list have them all. */
export function useShownProblems(problems: readonly Problem[], isUntouched: boolean): readonly Problem[] {
  const isTried = useContext(RunTriedContext);
  return isUntouched && !isTried ? problems.filter(({ code }) => !missingCodes.has(code)) : problems;
}

/** As it came from the palette: no setting chosen but those that were filled in, nothing mapped. */
export function isUntouched({ config, input }: Activity, declaration: ActivityDeclaration): boolean {
  return (
    Object.keys(input).length === 0 &&
    Object.keys(config).every((name) => declaration.config[name]?.kind === 'resource')
  );
}
