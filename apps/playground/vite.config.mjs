import { defineConfig } from 'vite';
import { ownNetwork } from './own-network.mjs';

export default defineConfig({
  base: './', // the folder can be served from anywhere
  optimizeDeps: { exclude: ['@techstark/opencv-js'] }, // 10 MB behind an import that the page never makes
  build: { target: 'esnext', chunkSizeWarningLimit: 5000 },
  plugins: [ownNetwork()],
});
