import { FramehubError } from './errors.ts';
import { redactUrl } from './media/redact.ts';
import { demoSource } from './source/demo/demo-source.ts';
import { execSource } from './source/exec/exec-source.ts';
import { ffmpegSource } from './source/ffmpeg/ffmpeg-source.ts';
import { fileSource } from './source/ffmpeg/file-source.ts';
import { networkSource } from './source/ffmpeg/network-source.ts';
import { webcamSource } from './source/ffmpeg/webcam-source.ts';
import { imagesSource } from './source/images/images-source.ts';
import { httpSource } from './source/mjpeg/http-source.ts';
import { pushSource } from './source/push/push-source.ts';
import { testSource } from './source/test/test-source.ts';
import type { Source, SourceContext, SourceKind } from './source.ts';

/** Every kind of source; the first that knows a text opens it. A new kind is added here. */
export const sourceKinds: readonly SourceKind[] = [
  webcamSource,
  networkSource,
  httpSource,
  // Before files: their text may end like one.
  execSource,
  ffmpegSource,
  pushSource,
  imagesSource,
  demoSource,
  testSource,
  fileSource,
];

/** @throws SOURCE_INVALID when no kind knows the text */
function findSourceKind(text: string): SourceKind {
  const kind = sourceKinds.find((candidate) => candidate.matches(text));
  if (kind !== undefined) return kind;
  const usages = sourceKinds.map(({ usage }) => usage).join('  ');
  throw new FramehubError(
    'SOURCE_INVALID',
    `"${redactUrl(text)}" is no kind of source. Expected one of: ${usages}`,
  );
}

/**
 * Opens a source as the operator may, with every kind.
 *
 * @throws SOURCE_INVALID
 */
export function openSource(text: string, context: SourceContext): Source {
  return findSourceKind(text).open(text, context);
}

/**
 * Opens a source as someone on the network may: nothing that runs a command or reads a file.
 *
 * @throws SOURCE_FORBIDDEN, SOURCE_INVALID
 */
export function openRemoteSource(text: string, context: SourceContext): Source {
  const kind = findSourceKind(text);
  if (kind.isLocal(text)) {
    throw new FramehubError(
      'SOURCE_FORBIDDEN',
      `A source of the kind "${kind.kind}" runs a command or reads a file, so it can't be set over HTTP.`,
    );
  }
  return kind.open(text, context);
}
