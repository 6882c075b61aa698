import { executionAt, failureAround, processFrameOf } from '../job.ts';
import { leaveProcess } from './call.ts';
import type { Element } from './element.ts';

/** Ends the process that it stands in, with its input as the output for whoever called it (J25). */
export const returning: Element = {
  enter(step, frame, slot) {
    step.flow.ask(step, { execution: executionAt(frame, slot), token: 0, want: 'input' });
  },
  answered(step, frame, slot, answer) {
    if (!answer.ok) {
      step.flow.finishFailed(step, frame, slot, answer.error);
      return;
    }
    step.flow.finish(step, frame, slot, answer.answer);
    const process = processFrameOf(frame);
    process.failure ??= failureAround(frame, process);
    step.flow.cancelInside(step, process);
    leaveProcess(step, process, answer.answer as Readonly<Record<string, unknown>>);
    // The frames between have ended, so that nobody asks the caller's.
    if (process.parent) step.flow.settle(step, process.parent);
  },
};
