/** Sources that may break the size limits for now. This list only gets shorter. */
export const sizeExceptions: readonly string[] = [];
