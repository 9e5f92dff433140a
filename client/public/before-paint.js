// Runs before the first paint, as a file of its own so that the content policy needs no inline script: the page
// appears at once in the language, direction, theme and density that this browser used last.
(() => {
  const root = document.documentElement;
  let display = {};
  try {
    display = JSON.parse(localStorage.getItem('yekja.display') ?? '{}') ?? {};
  } catch {
    // Storage may be blocked or hold something foreign: the defaults below are right then.
  }
  const dark =
    display.theme === 'dark' ||
    (display.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.lang = display.language === 'en' ? 'en' : 'fa';
  root.dir = root.lang === 'fa' ? 'rtl' : 'ltr';
  root.dataset.theme = dark ? 'dark' : 'light';
  root.dataset.density = ['compact', 'roomy'].includes(display.density) ? display.density : 'cosy';
})();
