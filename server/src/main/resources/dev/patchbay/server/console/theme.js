/* Before anything is drawn: the theme that was chosen last, or the one the address asks for. */
(() => {
  let theme = new URLSearchParams(location.search).get('theme');
  try {
    theme ||= localStorage.getItem('patchbay.theme');
  } catch { /* a browser that keeps nothing */ }
  document.documentElement.dataset.theme = ['light', 'dark'].includes(theme) ? theme : 'system';
})();
