import type { Readable } from 'node:stream';

export interface ReadPicture {
  readonly seq: number;
  readonly picture: Buffer;
}

/** Reads pictures as a detector program gets them, until the input ends. */
export async function* readPictures(input: Readable): AsyncGenerator<ReadPicture, void, undefined> {
  let chunks: Buffer[] = [];
  let held = 0;
  let header: { readonly seq: number; readonly bytes: number } | undefined;
  let headerBytes: number | undefined;
  const take = (bytes: number): Buffer => {
    const all = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
    chunks = [all.subarray(bytes)];
    held = all.length - bytes;
    return all.subarray(0, bytes);
  };
  for await (const chunk of input) {
    chunks.push(chunk);
    held += chunk.length;
    for (;;) {
      if (headerBytes === undefined) {
        if (held < 4) break;
        headerBytes = take(4).readUInt32BE();
      } else if (header === undefined) {
        if (held < headerBytes) break;
        header = JSON.parse(take(headerBytes).toString());
      } else {
        if (held < header.bytes) break;
        yield { seq: header.seq, picture: take(header.bytes) };
        header = undefined;
        headerBytes = undefined;
      }
    }
  }
}
