import { drawArrival } from './arrival.ts';
import { unpackChartData } from './data.ts';
import { startFilters } from './filters.ts';
import { startRows } from './rows.ts';
import { whenSeen } from './stage.ts';
import { drawTimeline } from './timeline.ts';

startRows();
startFilters();
void startPictures();

async function startPictures(): Promise<void> {
  const streams = await unpackChartData();
  for (const figure of document.querySelectorAll<HTMLElement>('figure.picture')) {
    const stream = streams[Number(figure.dataset.timeline ?? figure.dataset.arrival)];
    if (!stream) continue;
    for (const controls of figure.querySelectorAll<HTMLElement>('.controls')) controls.hidden = false;
    if (figure.dataset.timeline === undefined) whenSeen(figure, () => drawArrival(figure, stream));
    else drawTimeline(figure, stream);
  }
}
