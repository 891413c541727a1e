// The matrix of implementations, made handier: without this script it is whole all the same.
const form = document.getElementById('filters');
const body = document.querySelector('tbody');
const rows = [...body.rows];
const texts = new Map(rows.map((row) => [row, row.cells[0].textContent.toLowerCase()]));
/** Gravest first. */
const GRAVITY = ['fail', 'error', 'warn', 'waived', 'inconclusive', 'not-applicable', 'unknown', 'pass'];

function filter() {
  const fields = new FormData(form);
  const words = String(fields.get('text')).toLowerCase().split(/\s+/);
  const levels = fields.getAll('level');
  let shown = 0;
  for (const row of rows) {
    const outcomes = row.dataset.outcomes.split(' ');
    const fits =
      words.every((word) => texts.get(row).includes(word)) &&
      (fields.get('area') === '' || fields.get('area') === row.dataset.area) &&
      (fields.get('outcome') === '' || outcomes.includes(fields.get('outcome'))) &&
      levels.includes(row.dataset.level) &&
      (!fields.has('differing') || new Set(outcomes).size > 1);
    row.hidden = !fits;
    if (fits) shown += 1;
  }
  form.elements.shown.value = `${shown} of ${rows.length} requirements shown`;
}

/** By requirement (-1), or by the outcomes of one column. Once more turns it round. */
function sort(button) {
  const head = button.closest('th');
  const down = head.ariaSort === 'ascending';
  for (const other of document.querySelectorAll('thead th')) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
  const column = Number(button.dataset.sort);
  const rank = (row) => (column < 0 ? 0 : GRAVITY.indexOf(row.dataset.outcomes.split(' ')[column]));
  rows.sort(
    (a, b) =>
      (rank(a) - rank(b)) * (down ? -1 : 1) || (a.dataset.index - b.dataset.index) * (column < 0 && down ? -1 : 1),
  );
  body.append(...rows);
}

/** Goes to what a link names even where a filter hid it. */
function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  target?.closest('tr')?.removeAttribute('hidden');
  target?.focus();
  target?.scrollIntoView({ block: 'center' });
}

form.hidden = false;
form.addEventListener('input', filter);
form.addEventListener('submit', (event) => event.preventDefault());
// The fields change after the event.
form.addEventListener('reset', () => setTimeout(filter));
for (const button of document.querySelectorAll('button[data-sort]'))
  button.addEventListener('click', () => sort(button));
addEventListener('hashchange', open);
filter();
