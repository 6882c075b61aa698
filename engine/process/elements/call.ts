import type { JobError } from '../../spi/runtime.ts';
import { fieldFault } from '../field-fault.ts';
import type { Frame } from '../job.ts';
import { executionAt } from '../job.ts';
import type { Plan } from '../plan.ts';
import type { Element, Step } from './element.ts';
import { keepUndoable } from './undo.ts';

/** Calls that stand in one another, at most: a process may call itself, but not for ever. */
export const callDepthMax = 64;

/** The field of the input that names the process, where that comes from data. */
export const processNameField = 'processName';

/**
 * Call process: another process as one activity, in the same job (J23), or as a job of its own. What goes in and comes out is what the
 * called process declares.
 */
export const call: Element = {
  enter(step, frame, slot) {
    step.flow.ask(step, { execution: executionAt(frame, slot), token: 0, want: 'input' });
  },
  answered(step, frame, slot, answer) {
    if (!answer.ok) step.flow.finishFailed(step, frame, slot, answer.error);
    else if (answer.token === 1) step.flow.finish(step, frame, slot, { job: answer.answer });
    else callWith(step, frame, slot, answer.answer as Readonly<Record<string, unknown>>);
  },
};

function callWith(step: Step, frame: Frame, slot: number, given: Readonly<Record<string, unknown>>): void {
  const { settings, id } = frame.scope.activities[slot]!;
  const { [processNameField]: dynamic, ...input } = given;
  const name = dynamic ?? settings.process;
  const called = typeof name === 'string' ? step.job.plan.processes.get(name) : undefined;
  const fault = callFault(frame, called, name, input);
  if (fault || !called) {
    const error: JobError = { ...fault!, activity: id, retriable: false };
    step.flow.finishFailed(step, frame, slot, error);
    return;
  }
  if (settings.mode === 'spawn') {
    const execution = executionAt(frame, slot);
    step.flow.ask(step, { execution, token: 1, want: 'spawn', process: called.processId, input });
    return;
  }
  const data = { job: { id: step.job.id, process: called.processId }, properties: called.properties };
  step.flow.open(step, frame, slot, { scope: called.root, data, output: input });
}

function callFault(
  frame: Frame,
  called: Plan | undefined,
  name: unknown,
  input: Readonly<Record<string, unknown>>,
): Pick<JobError, 'code' | 'message'> | undefined {
  if (!called?.signature)
    return {
      code: 'CALLED_PROCESS_UNKNOWN',
      message: `expected the id of a process that begins with a Start, but found ${JSON.stringify(name) ?? 'none'}`,
    };
  const depth = depthOf(frame);
  if (depth >= callDepthMax)
    return {
      code: 'CALLS_TOO_DEEP',
      message: `expected at most ${callDepthMax} calls in one another, but ${called.processId} is called in ${depth} others`,
    };
  const wrong = fieldFault(called.signature.input, input);
  return wrong === undefined
    ? undefined
    : { code: 'CALL_INPUT_INVALID', message: `input of ${called.processId}: ${wrong}` };
}

function depthOf(frame: Frame): number {
  let depth = 0;
  for (let at: Frame | undefined = frame; at; at = at.parent) if (at.parent && at.scope.kind === 'root') depth++;
  return depth;
}

/** The frame of a process is over: its job is (J7), or the call of it. `output` is what a Return gave. */
export function leaveProcess(step: Step, frame: Frame, output: Readonly<Record<string, unknown>> = {}): void {
  const { job, effects } = step;
  const { parent, slot, failure } = frame;
  frame.hasEnded = true;
  if (!parent) {
    job.hasEnded = true;
    effects.ended = failure ? { ok: false, error: failure.error } : { ok: true, output: frame.data };
    return;
  }
  const called = job.plan.processes.get(frame.scope.process);
  const { id } = parent.scope.activities[slot]!;
  const wrong = called?.signature && fieldFault(called.signature.output, output);
  const invalid = wrong === undefined ? undefined : { ...invalidOutput(frame, wrong), activity: id };
  const error = failure?.error ?? keepUndoable(frame, frame) ?? invalid;
  if (error) step.flow.finishFailed(step, parent, slot, error);
  else step.flow.finish(step, parent, slot, output);
}

function invalidOutput({ scope }: Frame, wrong: string) {
  return { code: 'CALL_OUTPUT_INVALID', message: `output of ${scope.process}: ${wrong}`, retriable: false };
}
