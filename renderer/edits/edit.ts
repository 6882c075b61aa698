import type { Project } from '../../engine/model/document.ts';

/** A pure change of the document; the same document back means "nothing to do". */
export type Edit = (project: Project) => Project;
