/** Exit codes of `millrace`; CI relies on them. */
export const exitCode = {
  ok: 0,
  /** What was asked for could not be done. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The project or bundle has errors. */
  invalidProject: 3,
  /** Ended by Ctrl+C. */
  interrupted: 130,
} as const;
