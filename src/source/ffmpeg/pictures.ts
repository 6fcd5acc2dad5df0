import { childPictures, type PicturesExit } from '../../media/child-pictures.ts';
import { MultipartParser } from '../../media/multipart-parser.ts';
import type { SourceFrame } from '../../source.ts';
import { BOUNDARY } from './arguments.ts';
import { ffmpegFailure } from './failure.ts';
import { startFailure } from './ffmpeg.ts';

export interface FfmpegRun {
  readonly program: string;
  /** All of them; they end in `copiedPictures` or `encodedPictures`. */
  readonly args: readonly string[];
  /** The source, secrets redacted. */
  readonly label: string;
  /** True when the input is a camera of this machine. */
  readonly device: boolean;
  readonly maxPictureBytes: number;
  /** What is done to each picture. Default: nothing. */
  readonly mend?: (picture: Buffer) => Buffer;
}

/** The pictures of one run of FFmpeg; returns when aborted, otherwise throws why they ended. */
export function ffmpegPictures(
  { program, args, label, device, maxPictureBytes, mend = (picture) => picture }: FfmpegRun,
  signal: AbortSignal,
): AsyncGenerator<SourceFrame, void, undefined> {
  const parser = new MultipartParser({ boundary: BOUNDARY, maxPartBytes: maxPictureBytes });
  const split = (chunk: Buffer) => parser.push(chunk).map(({ body }) => mend(body));
  const broken = (thrown: unknown) => startFailure(thrown, program);
  const ended = (exit: PicturesExit) => ffmpegFailure({ ...exit, label, device });
  return childPictures({ program, args, split, broken, ended }, signal);
}
