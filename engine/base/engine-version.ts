/** Version of this engine, written into bundles and shown by `millrace version`. `package.json` has the same; a test compares. */
export const engineVersion = '0.1.0';
