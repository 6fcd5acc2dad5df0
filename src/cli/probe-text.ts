import type { Source } from '../source.ts';
import { columns } from './columns.ts';
import type { ProbeReport } from './probe.ts';

/** What `framehub probe` prints about a source that works. */
export function probeText({ kind, label }: Source, report: ProbeReport): string {
  const { pictures, fps, smallest, average, largest } = report;
  const speed =
    fps === undefined
      ? 'only one picture came in the time of the measurement'
      : `${fps.toFixed(1)} pictures a second (${pictures} counted)`;
  const rows = [
    ['source', label],
    ['kind', kind],
    ['size', `${report.width} x ${report.height}`],
    ['speed', speed],
    ['first picture', `after ${Math.round(report.firstPictureAfter)} ms`],
    ['bytes', `${kilobytes(average)} a picture (${kilobytes(smallest)} to ${kilobytes(largest)})`],
  ];
  if (report.rejected > 0) rows.push(['left out', `${report.rejected} that were no whole JPEG`]);
  return `${columns(rows)}\n`;
}

/** Said instead of a measurement: there is nothing to open. */
export function passiveText({ label }: Source): string {
  return `"${label}" waits for pictures that are sent to framehub, so there is nothing to open.
Start it with "framehub cam=${label}" and send a JPEG to POST /api/cameras/cam/frames.
`;
}

function kilobytes(bytes: number): string {
  return bytes < 10_240 ? `${Math.round(bytes)} B` : `${Math.round(bytes / 1_024)} KB`;
}
