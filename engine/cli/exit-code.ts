/** Exit codes of `millrace`; CI relies on them. */
export const exitCode = {
  ok: 0,
  /** What was asked for could not be done. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The project or bundle has errors. */
  invalidProject: 3,
  /** The run ended, but jobs of it failed and nothing took their failures over: no error transition, no failure policy. */
  jobsFailed: 4,
  /** Ended by Ctrl+C. */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const;

/** The exit code of a command that a signal ended. */
export function exitCodeOf(signal: unknown): number {
  return signal === 'SIGTERM' ? exitCode.terminated : exitCode.interrupted;
}
