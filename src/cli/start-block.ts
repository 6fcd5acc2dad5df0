import { renderUnicodeCompact } from 'uqr';
import type { CameraStatus } from '../api/camera-status.ts';
import { columns } from './columns.ts';

/** What the start block tells. */
export interface StartInfo {
  /** Where a browser of this machine finds the server. */
  readonly url: string;
  /** Links with a token; none when none is asked for. */
  readonly links: readonly { readonly role: 'admin' | 'viewer'; readonly url: string }[];
  readonly cameras: readonly StartCamera[];
  readonly color: boolean;
  /** True when a QR code would be seen by a person. */
  readonly qr: boolean;
}

export interface StartCamera {
  readonly id: string;
  readonly name: string;
  /** Secrets redacted. */
  readonly source: string;
  readonly status: CameraStatus;
}

/** More cameras than this are counted, not listed. */
const MOST_LISTED = 16;

/** What `framehub` prints when it runs. */
export function startBlock({ url, links, cameras, color, qr }: StartInfo): string {
  const bold = (text: string): string => (color ? `\u001b[1m${text}\u001b[22m` : text);
  const blocks = [`framehub is running: ${bold(url)}`, cameraBlock(cameras)];
  if (links.length > 0) blocks.push(linkBlock(links));
  const shared = links.find((link) => link.role === 'viewer') ?? links[0];
  if (qr && shared !== undefined) blocks.push(qrBlock(shared.url));
  blocks.push(
    columns([
      ['Your own camera:', 'framehub webcam:0', '("framehub --help" has the other kinds)'],
      ['To stop:', 'Ctrl-C'],
    ]),
  );
  return `\n${blocks.join('\n\n')}\n\n`;
}

function cameraBlock(cameras: readonly StartCamera[]): string {
  const rows = cameras
    .slice(0, MOST_LISTED)
    .map((camera) => [title(camera), oneLine(camera.source), stateText(camera.status)]);
  const more = cameras.length - rows.length;
  return `${columns(rows)}${more > 0 ? `\n  and ${more} more` : ''}`;
}

function title({ id, name }: StartCamera): string {
  return name === id ? id : `${id} (${oneLine(name)})`;
}

function stateText(status: CameraStatus): string {
  switch (status.state) {
    case 'off':
      return status.stopped ? 'stopped' : 'waits for a viewer';
    case 'starting':
    case 'live':
      return status.state;
    case 'stalled':
    case 'retrying':
      return `${status.state}: ${oneLine(status.reason)}`;
  }
}

const rights = { admin: 'Watch and change:', viewer: 'Watch only:' } as const;

function linkBlock(links: StartInfo['links']): string {
  const rows = links.map((link) => [rights[link.role], link.url]);
  return `${columns(rows)}\n  Whoever has such a link has its right.`;
}

/** Light on dark, as most terminals are; phones read both. */
function qrBlock(url: string): string {
  return renderUnicodeCompact(url, { border: 2 })
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}
