import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { fontPreload } from './client/build/font-preload.ts';
import { pureSchemas } from './client/build/pure-schemas.ts';
import { racLocales } from './client/build/rac-locales.ts';
import { widget } from './client/build/widget.ts';

/** Where `npm run dev` finds the server: the same PORT the server itself reads. */
const server = `http://127.0.0.1:${process.env['PORT'] ?? '3000'}`;

/** Below some of the server's addresses lie modules of our own, which are Vite's to give. */
const bypass = ({ url = '' }: { url?: string }) => (/^[^?]+\.tsx?(\?|$)/.test(url) ? url : undefined);

export default defineConfig({
  root: fileURLToPath(new URL('./client/', import.meta.url)),
  plugins: [pureSchemas(), react(), tailwindcss(), racLocales(), fontPreload(), widget()],
  build: {
    outDir: fileURLToPath(new URL('./dist/client/', import.meta.url)),
    emptyOutDir: true,
    // The inbox route's own chunks stay external files: a strict CSP allows no data: scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // Pre-bundled dependencies do not pass through `plugins`: the locale plugin is named for them as well.
  optimizeDeps: { rolldownOptions: { plugins: [racLocales()] } },
  server: {
    proxy: {
      '/api': { target: server, xfwd: true, bypass },
      '/hooks': { target: server, xfwd: true },
      '/chat': { target: server, xfwd: true, bypass },
      '/widget': { target: server, xfwd: true, bypass },
      '/testimonial': { target: server, xfwd: true },
      '/socket.io': { target: server, ws: true, xfwd: true },
    },
  },
});
