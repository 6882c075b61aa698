import type { ActivityId, ProcessId, ResourceId, TransitionId } from './document.ts';

/** Something wrong in a project, and where. Errors stop a run; warnings do not. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Stable: `UNKNOWN_ACTIVITY_TYPE`. One per rule file in rules/. */
  readonly code: string;
  /** What is wrong or what to do, in a person's words: things by their names on the canvas, what expressions read by its id. */
  readonly message: string;
  readonly process?: ProcessId;
  readonly activity?: ActivityId;
  readonly transition?: TransitionId;
  readonly resource?: ResourceId;
  /** Config field (`config.topic`) or input field (`input.value`), or `condition`. */
  readonly field?: string;
  /** Where in the expression text, in characters from 0. */
  readonly position?: number;
  /** What would mend it, in one sentence. */
  readonly fix?: string;
}

/** A file of a project that cannot be read as what it should be. */
export interface ProjectProblem {
  /** `FILE_MISSING`, `JSON_SYNTAX`, `FORMAT_TOO_NEW`, `FILE_SHAPE`, `FILE_NAME`. */
  readonly code: string;
  /** Path inside the project folder, with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  readonly message: string;
}
