import type { DetectionResult } from '../../api/detection.ts';
import type { QueuedResult } from '../../detection/result-queue.ts';

/** How a stream of results is written. */
export interface ResultFormat {
  readonly name: 'sse' | 'ndjson';
  readonly contentType: string;
  /** What comes first, so that a client knows at once that it is connected. */
  readonly open: string;
  /** What is sent into a silence: proxies end a connection that says nothing. */
  readonly beat: string;
  text(queued: QueuedResult): string;
}

/** A client that lost its connection asks again after this, ms. */
const RETRY = 1_000;

/** Server-Sent Events, for `EventSource`. */
const sse: ResultFormat = {
  name: 'sse',
  contentType: 'text/event-stream; charset=utf-8',
  open: `retry: ${RETRY}\n\n`,
  beat: ':\n\n',
  text: (queued) => `id: ${queued.result.seq}\nevent: detections\ndata: ${json(queued)}\n\n`,
};

/** One JSON text a line. */
const ndjson: ResultFormat = {
  name: 'ndjson',
  contentType: 'application/x-ndjson; charset=utf-8',
  open: '',
  beat: '\n',
  text: (queued) => `${json(queued)}\n`,
};

/** @param wanted as a query asks for it; without it the Accept header decides */
export function resultFormat(
  wanted: ResultFormat['name'] | undefined,
  accept: string | undefined,
): ResultFormat {
  if (wanted !== undefined) return wanted === 'ndjson' ? ndjson : sse;
  return /\b(x-ndjson|ndjson|jsonl)\b/i.test(accept ?? '') ? ndjson : sse;
}

function json({ result, skipped }: QueuedResult): string {
  const sent: DetectionResult & { readonly skipped?: number } =
    skipped === 0 ? result : { ...result, skipped };
  return JSON.stringify(sent);
}
