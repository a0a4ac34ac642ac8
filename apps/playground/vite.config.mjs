import { defineConfig } from 'vite';

export default defineConfig({
  base: './', // the folder can be served from anywhere
  build: { target: 'esnext', chunkSizeWarningLimit: 5000 },
});
