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
}

/** The pictures of one run of FFmpeg; returns when aborted, otherwise throws why they ended. */
export async function* ffmpegPictures(
  { program, args, label, device, maxPictureBytes }: FfmpegRun,
  signal: AbortSignal,
): AsyncGenerator<SourceFrame, void, undefined> {
  const parser = new MultipartParser({ boundary: BOUNDARY, maxPartBytes: maxPictureBytes });
  const splitter = { push: (chunk: Buffer) => parser.push(chunk).map((part) => part.body) };
  let exit: PicturesExit;
  try {
    exit = yield* childPictures(program, args, splitter, signal);
  } catch (error) {
    if (signal.aborted) return;
    throw startFailure(error, program);
  }
  if (signal.aborted) return;
  throw ffmpegFailure({ ...exit, label, device });
}
