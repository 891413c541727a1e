/** The form above the matrix: a row is shown if it fits every field. */
export function startFilters(): void {
  const form = document.getElementById('filters');
  if (!(form instanceof HTMLFormElement)) return;
  form.hidden = false;
  const rows = [...document.querySelectorAll<HTMLDetailsElement>('details.row')];
  const texts = new Map(rows.map((row) => [row, (row.textContent ?? '').toLowerCase()]));
  const apply = () => applyFilters(form, rows, texts);
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  // The fields change after the event.
  form.addEventListener('reset', () => setTimeout(apply));
  for (const link of document.querySelectorAll<HTMLElement>('[data-show-outcome]'))
    link.addEventListener('click', () => {
      form.reset();
      for (const box of form.querySelectorAll<HTMLInputElement>('input[name=outcome]'))
        box.checked = box.value === link.dataset.showOutcome;
      apply();
    });
  apply();
}

function applyFilters(
  form: HTMLFormElement,
  rows: readonly HTMLDetailsElement[],
  texts: ReadonlyMap<HTMLDetailsElement, string>,
): void {
  const fields = new FormData(form);
  const outcomes = new Set(fields.getAll('outcome'));
  const levels = new Set(fields.getAll('level'));
  const area = fields.get('area');
  const words = String(fields.get('text') ?? '')
    .toLowerCase()
    .split(/\s+/);
  let shown = 0;
  for (const row of rows) {
    const { outcome = '', level = '' } = row.dataset;
    const text = texts.get(row) ?? '';
    const fits =
      outcomes.has(outcome) &&
      levels.has(level) &&
      (area === '' || area === row.dataset.area) &&
      words.every((word) => text.includes(word));
    row.hidden = !fits;
    if (fits) shown++;
  }
  for (const section of document.querySelectorAll<HTMLElement>('section.area'))
    section.hidden = !section.querySelector('details.row:not([hidden])');
  const output = form.elements.namedItem('shown');
  if (output instanceof HTMLOutputElement) output.value = `${shown} of ${rows.length} requirements shown`;
}
