import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the designer over a fake studio, to look at it and to measure it. Not part of the product. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: '../../../.cache/designer-preview',
    emptyOutDir: true,
    target: 'chrome114',
    chunkSizeWarningLimit: 4000,
  },
});
