import { csvLine, escapeHtml } from '../delivery/rows/escape.ts';
import type { RowTemplate } from '../delivery/rows/stream-rows.ts';
import { idText } from '../events/event-id.ts';
import { type EventRow, eventJson } from '../events/event-row.ts';

/** How a list of all events is written. */
export interface ReportFormat extends RowTemplate<EventRow> {
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it shows the paths. */
  readonly path: boolean;
}

const columns = [
  ...['id', 'camera', 'label', 'first seen', 'last seen', 'seconds', 'score', 'results'],
  ...['detector', 'ended'],
];

function cells(row: EventRow): (string | number)[] {
  const { firstSeen, lastSeen } = row;
  return [
    ...[idText(row.id), row.camera, row.label],
    ...[new Date(firstSeen).toISOString(), new Date(lastSeen).toISOString()],
    ...[(lastSeen - firstSeen) / 1_000, Math.round(row.score * 1_000) / 1_000, row.results],
    ...[row.detector, row.ended ? 'yes' : 'no'],
  ];
}

const csv: ReportFormat = {
  headers: {
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': 'attachment; filename="events.csv"',
  },
  path: false,
  head: csvLine(columns),
  row: (row) => csvLine(cells(row)),
};

const ndjson: ReportFormat = {
  headers: { 'Content-Type': 'application/x-ndjson; charset=utf-8' },
  path: true,
  row: (row) => `${eventJson(row)}\n`,
};

const html: ReportFormat = {
  headers: {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    'Referrer-Policy': 'same-origin',
  },
  path: false,
  // Of fixed layout, so that a browser shows the first rows without waiting for the last.
  head: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Events</title>
<style>
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; min-width: 60em; }
th, td { padding: 0.2em 0.6em; text-align: left; overflow: hidden; text-overflow: ellipsis; }
th { position: sticky; top: 0; background: Canvas; }
tr { border-bottom: 1px solid #8884; }
</style>
</head>
<body>
<table>
<thead><tr>${columns.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>
`,
  row: (row) => {
    const [id = '', ...rest] = cells(row);
    const link = `<a href="api/events/${id}/picture.jpg">${id}</a>`;
    return `<tr><td>${link}</td>${rest.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>\n`;
  },
  foot: (rows) => `</tbody>
</table>
<p>${rows} events</p>
</body>
</html>
`,
};

export const reportFormats = { html, csv, ndjson } as const;
