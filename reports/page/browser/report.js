// What the page does beyond showing itself: links open what they lead to, commands are copied, paper gets the appendix.

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let element = target; element; element = element.parentElement)
    if (element instanceof HTMLDetailsElement) element.open = true;
  target?.scrollIntoView({ block: 'start' });
  (target instanceof HTMLDetailsElement ? target.querySelector('summary') : target)?.focus({ preventScroll: true });
}
if (location.hash !== '') addEventListener('load', openTarget);
addEventListener('hashchange', openTarget);

for (const button of document.querySelectorAll('button[data-copy]')) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const command = button.parentElement?.querySelector('pre');
    if (!command) return;
    try {
      await navigator.clipboard.writeText(command.textContent ?? '');
      button.textContent = 'Copied';
    } catch {
      getSelection()?.selectAllChildren(command);
      button.textContent = 'Selected: copy it with the keyboard';
    }
  });
}

/** @type {HTMLDetailsElement[]} */
let closed = [];
const appendix = document.getElementById('print-appendix');
if (appendix?.parentElement) appendix.parentElement.hidden = false;
addEventListener('beforeprint', () => {
  const all = appendix instanceof HTMLInputElement && appendix.checked;
  document.documentElement.classList.toggle('with-appendix', all);
  closed = all ? [...document.querySelectorAll('details')].filter(({ open }) => !open) : [];
  for (const details of closed) details.open = true;
});
addEventListener('afterprint', () => {
  for (const details of closed) details.open = false;
});
