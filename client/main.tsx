import './theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { storedDisplay } from './i18n/display.ts';
import { loadCatalog } from './i18n/locale.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root" to draw the app in.');

await loadCatalog(storedDisplay().language);
// An error that the boundary caught is an error of the page all the same.
createRoot(root, { onCaughtError: reportError }).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
