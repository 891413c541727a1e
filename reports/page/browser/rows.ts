/** Links open what they lead to, commands are copied, and paper gets everything. */
export function startRows(): void {
  openTarget();
  // The browser's own way to the fragment, at the end of loading, takes the focus away again.
  addEventListener('load', openTarget);
  addEventListener('hashchange', openTarget);
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-open]'))
    button.addEventListener('click', () => openRows(button.dataset.open === 'all'));
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', () => void copyCommand(button));
  }
  openWhilePrinting();
}

/** Opens the element with this id and all that it stands in, shows it even if it was filtered out, and goes there. */
function goTo(id: string): void {
  const target = document.getElementById(id);
  if (!target) return;
  for (let element: HTMLElement | null = target; element; element = element.parentElement) {
    element.hidden = false;
    if (element instanceof HTMLDetailsElement) element.open = true;
  }
  target.scrollIntoView({ block: 'start' });
  const focusable = target instanceof HTMLDetailsElement ? target.querySelector('summary') : target;
  focusable?.focus({ preventScroll: true });
}

function openTarget(): void {
  const id = decodeHash();
  if (id !== '') goTo(id);
}

function decodeHash(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}

function openRows(open: boolean): void {
  for (const row of document.querySelectorAll<HTMLDetailsElement>('details.row')) row.open = open;
}

async function copyCommand(button: HTMLButtonElement): Promise<void> {
  const command = button.parentElement?.querySelector('pre');
  if (!command) return;
  try {
    await navigator.clipboard.writeText(command.textContent ?? '');
    button.textContent = 'Copied';
  } catch {
    getSelection()?.selectAllChildren(command);
    button.textContent = 'Selected: copy it with the keyboard';
  }
}

function openWhilePrinting(): void {
  let closed: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const details of closed) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of closed) details.open = false;
  });
}
