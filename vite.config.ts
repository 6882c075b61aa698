import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the designer's window. Paths are relative, so that the same files are served by the studio and opened by Electron. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome114',
    chunkSizeWarningLimit: 4000,
    // How long each plugin took is of no interest to somebody who types npm start.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: { fs: { allow: ['..'] } },
});
