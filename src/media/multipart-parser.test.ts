import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCuts, anyJpeg, cut, jpegLike } from '../../test/support/jpegs.ts';
import { FramehubError } from '../errors.ts';
import { boundaryOf, type MultipartOptions, MultipartParser } from './multipart-parser.ts';

const shape = {
  width: 32,
  height: 24,
  application: new Uint8Array(),
  data: new Uint8Array(120).fill(9),
  restartEvery: 0,
  fill: 0,
};
const first = jpegLike(shape);
const second = jpegLike({ ...shape, data: new Uint8Array(60).fill(3) });
const options: MultipartOptions = { boundary: 'cam', maxPartBytes: 1 << 20 };

/** The bytes of a stream: strings as latin1, with "\n" standing for CR LF. */
function stream(...pieces: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    pieces.map((piece) =>
      typeof piece === 'string' ? Buffer.from(piece.replaceAll('\n', '\r\n'), 'latin1') : piece,
    ),
  );
}

/** Everything a parser gives for these chunks, and how it ended. */
function parse(chunks: readonly Buffer[], settings = options) {
  const parser = new MultipartParser(settings);
  const parts: { headers: Record<string, string>; body: string }[] = [];
  let held = 0;
  let end = 'ended';
  const add = (given: ReturnType<MultipartParser['push']>) => {
    for (const { headers, body } of given) {
      parts.push({ headers: Object.fromEntries(headers), body: body.toString('hex') });
    }
    held = Math.max(held, parser.held);
  };
  try {
    for (const chunk of chunks) add(parser.push(chunk));
    add(parser.end());
  } catch (error) {
    if (!(error instanceof FramehubError)) throw error;
    end = error.code;
  }
  return { parts, end, held };
}

const bodies = (chunk: Buffer, settings?: MultipartOptions) =>
  parse([chunk], settings).parts.map(({ body }) => body);
const both = [first.toString('hex'), second.toString('hex')];
const counted = (data: Buffer) => `Content-Type: image/jpeg\nContent-Length: ${data.length}\n\n`;
const uncounted = 'Content-Type: image/jpeg\n\n';

describe('the boundary of a Content-Type', () => {
  it.each([
    ['multipart/x-mixed-replace;boundary=cam', 'cam'],
    ['multipart/x-mixed-replace; BOUNDARY = "--my cam"', 'my cam'],
    ['multipart/x-mixed-replace; charset=utf-8; boundary=--cam; x=y', 'cam'],
    ['Multipart/x-mixed-replace;boundary="a\\"b"', 'a"b'],
    ['multipart/x-mixed-replace', undefined],
    ['multipart/x-mixed-replace; boundary=--', undefined],
  ])('%s', (contentType, boundary) => {
    expect(boundaryOf(contentType)).toBe(boundary);
  });
});

describe('reading multipart streams as cameras write them', () => {
  it.each<[string, Buffer]>([
    [
      'with lengths',
      stream('--cam\n', counted(first), first, '\n--cam\n', counted(second), second, '\n--cam\n'),
    ],
    [
      'without lengths',
      stream('--cam\n', uncounted, first, '\n--cam\n', uncounted, second, '\n--cam\n'),
    ],
    [
      'without a last boundary',
      stream('--cam\n', uncounted, first, '\n--cam\n', uncounted, second),
    ],
    [
      'with an end marker',
      stream('--cam\n', counted(first), first, '\n--cam\n', uncounted, second, '\n--cam--\n'),
    ],
    [
      'going on after an end marker',
      stream('--cam\n', uncounted, first, '\n--cam--\nbye\n--cam\n', uncounted, second),
    ],
    [
      'with bare line feeds',
      Buffer.from(
        stream('--cam\n', counted(first), first, '\n--cam\n', uncounted, second, '\n--cam\n')
          .toString('latin1')
          .replaceAll('\r\n', '\n'),
        'latin1',
      ),
    ],
    [
      'without the first boundary',
      stream(counted(first), first, '\n--cam\n', uncounted, second, '\n--cam\n'),
    ],
    [
      'with headers but no boundaries at all',
      stream(counted(first), first, '\n', counted(second), second, '\n'),
    ],
    [
      'with headers, no boundaries and no lengths',
      stream(uncounted, first, '\n', uncounted, second, '\n'),
    ],
    [
      'with doubled boundaries',
      stream(
        '--cam\n--cam\n',
        counted(first),
        first,
        '\n--cam\n--cam\n',
        uncounted,
        second,
        '\n--cam\n',
      ),
    ],
    [
      'with two more dashes',
      stream('----cam\n', uncounted, first, '\n----cam\n', counted(second), second),
    ],
    [
      'without the two dashes',
      stream('cam\n', uncounted, first, '\ncam\n', counted(second), second),
    ],
    [
      'with another boundary than announced',
      stream('--other\n', counted(first), first, '\n--other\n', uncounted, second, '\n--other\n'),
    ],
    [
      'with boundaries glued to the picture',
      stream('--cam\n', uncounted, first, '--cam\n', uncounted, second, '--cam--'),
    ],
    [
      'with blanks after the boundary',
      stream('--cam  \n', uncounted, first, '\n--cam \n', counted(second), second),
    ],
    [
      'with empty lines before the headers',
      stream('--cam\n\n', counted(first), first, '\n--cam\n\n', uncounted, second),
    ],
    ['with no headers at all', stream('--cam\n\n', first, '\n--cam\n\n', second, '\n--cam\n')],
    [
      'with a preamble',
      stream(
        'hello\nHTTP/1.0 200 OK\n\n--cam\n',
        uncounted,
        first,
        '\n--cam\n',
        counted(second),
        second,
      ),
    ],
    [
      'with garbage between parts',
      stream(
        '--cam\n',
        counted(first),
        first,
        Buffer.alloc(3_000, 1),
        '\n--cam\n',
        uncounted,
        second,
      ),
    ],
    [
      'with zeros between picture and boundary',
      stream('--cam\n', counted(first), first, '\0\0\0\0--cam\n', uncounted, second),
    ],
    [
      'with a length of 0',
      stream('--cam\nContent-Length: 0\n\n', first, '\n--cam\n', counted(second), second),
    ],
    [
      'with lengths that are too long',
      stream(
        '--cam\nContent-Length: 190\n\n',
        first,
        '\n--cam\nContent-Length: 190\n\n',
        second,
        '\n--cam\n',
      ),
    ],
    [
      'with a length far too long',
      stream(
        `--cam\nContent-Length: ${first.length + 90}\n\n`,
        first,
        '\n--cam\n',
        uncounted,
        second,
        '\n--cam\n',
      ),
    ],
    [
      'with lengths that are too short',
      stream(
        '--cam\nContent-Length: 50\n\n',
        first,
        '\n--cam\nContent-Length: 20\n\n',
        second,
        '\n--cam\n',
      ),
    ],
    [
      'with a length that is no number',
      stream(
        '--cam\nContent-Length: -1\n\n',
        first,
        '\n--cam\nContent-Length: many\n\n',
        second,
        '\n--cam\n',
      ),
    ],
    [
      'with headers that are none',
      stream('--cam\nnonsense\nContent-Length : 5x\n\n', first, '\n--cam\n:\n\n', second),
    ],
  ])('%s', (_name, bytes) => {
    expect(bodies(bytes)).toEqual(both);
    const every = cut(
      bytes,
      Array.from({ length: bytes.length }, (_, index) => index),
    );
    expect(parse(every).parts).toEqual(parse([bytes]).parts);
  });

  it('learns the boundary when none was announced', () => {
    const bytes = stream('--cam\n', counted(first), first, '\n--cam\n', 'X-A: b\n\ntext\n--cam\n');
    expect(bodies(bytes, { maxPartBytes: 1000 })).toEqual([
      both[0],
      Buffer.from('text').toString('hex'),
    ]);
  });

  it('names are in lower case and values trimmed', () => {
    const bytes = stream('--cam\nX-Timestamp:  12.5 \ncontent-TYPE: image/jpeg\n\n', first);
    expect(parse([bytes]).parts[0]?.headers).toEqual({
      'x-timestamp': '12.5',
      'content-type': 'image/jpeg',
    });
  });

  it('the last of two lengths counts, however the block is cut', () => {
    const bytes = stream(
      `--cam\nContent-Length: 7\nContent-Length: ${first.length}\nX-A: b\n\n`,
      first,
      '\n--cam\n',
    );
    for (const chunks of [[bytes], cut(bytes, [20])]) {
      expect(parse(chunks).parts).toEqual([
        { headers: { 'content-length': `${first.length}`, 'x-a': 'b' }, body: both[0] },
      ]);
    }
  });

  it('a picture that is most of its chunk stays where it came; a small one does not keep it', () => {
    const head = Buffer.from(`--cam\r\nContent-Length: ${first.length}\r\n\r\n`);
    const place = (room: number) => {
      const chunk = Buffer.allocUnsafeSlow(room).fill(0x20);
      head.copy(chunk);
      first.copy(chunk, head.length);
      const [part] = new MultipartParser(options).push(chunk);
      expect(part?.body.equals(first)).toBe(true);
      return part?.body.buffer === chunk.buffer;
    };
    expect(place(head.length + first.length + 10)).toBe(true);
    expect(place(head.length + first.length * 2)).toBe(false);
  });

  it('what FFmpeg writes as mpjpeg', () => {
    const head = (data: Buffer) =>
      `--ffmpeg\nContent-type: image/jpeg\nContent-length: ${data.length}\n\n`;
    const bytes = stream(head(first), first, '\n', head(second), second, '\n');
    expect(bodies(bytes, { boundary: 'ffmpeg', maxPartBytes: 1000 })).toEqual(both);
  });

  it('a picture is there with its last byte, before the next boundary', () => {
    for (const head of [counted(first), uncounted]) {
      const parser = new MultipartParser(options);
      expect(parser.push(stream('--cam\n', head, first.subarray(0, -1)))).toHaveLength(0);
      expect(parser.push(first.subarray(-1))).toHaveLength(1);
    }
  });

  it('a boundary in the thumbnail and one inside the data without a line around it do not end a picture', () => {
    const thumbnail = jpegLike({ ...shape, data: Buffer.from('x--camera--came\n') });
    const picture = jpegLike({ ...shape, application: thumbnail });
    const bytes = stream('--cam\n', uncounted, picture, '\n--cam\n');
    expect(bodies(bytes)).toEqual([picture.toString('hex')]);
  });

  it('a truncated picture ends at the boundary and does not take the next one with it', () => {
    const half = first.subarray(0, 90);
    const bytes = stream(
      '--cam\n',
      counted(half),
      half,
      '\n--cam\n',
      uncounted,
      half,
      '\n--cam\n',
      uncounted,
      second,
    );
    expect(bodies(bytes)).toEqual([half.toString('hex'), half.toString('hex'), both[1]]);
  });

  it('a stream that breaks off inside a picture does not give the half of it', () => {
    for (const head of [counted(first), uncounted]) {
      expect(bodies(stream('--cam\n', head, first.subarray(0, 100)))).toEqual([]);
    }
  });
});

describe('the caps of a multipart parser', () => {
  it('an announced length over the cap is refused before memory is taken', () => {
    const parser = new MultipartParser(options);
    const bytes = stream(
      '--cam\n',
      counted(first),
      first,
      '\n--cam\nContent-Length: 5368709120\n\n',
    );
    expect(parser.push(bytes)).toHaveLength(1);
    expect(() => parser.push(Buffer.alloc(10))).toThrow(
      expect.objectContaining({
        code: 'PICTURE_TOO_LARGE',
        message: expect.stringContaining('5368709120'),
      }),
    );
    expect(parser.held).toBe(0);
  });

  it('a body that does not end is refused at the cap', () => {
    const endless = parse([stream('--cam\n\n', first.subarray(0, -2), Buffer.alloc(200_000))], {
      boundary: 'cam',
      maxPartBytes: 50_000,
    });
    expect(endless.end).toBe('PICTURE_TOO_LARGE');
  });

  it('headers that do not end are refused at the cap', () => {
    const chunks = Array.from({ length: 50 }, () => stream('X-Filler: ', 'a'.repeat(500), '\n'));
    const { end, held } = parse([stream('--cam\n'), ...chunks]);
    expect(end).toBe('PICTURE_INVALID');
    expect(held).toBeLessThan(64 * 1024);
  });

  it('endless garbage between parts costs no memory', () => {
    const { held } = parse(Array.from({ length: 50 }, () => Buffer.alloc(100_000, 1)));
    expect(held).toBeLessThan(64 * 1024);
  });

  it('a large body in tiny pieces costs no more than time for each piece', () => {
    const large = jpegLike({ ...shape, data: new Uint8Array(400_000) });
    for (const head of [counted(large), uncounted]) {
      const bytes = stream('--cam\n', head, large, '\n--cam\n');
      const places = Array.from({ length: bytes.length / 2 }, (_, index) => index * 2);
      const pieces = cut(bytes, places);
      const began = performance.now();
      expect(parse(pieces).parts).toHaveLength(1);
      // Looking again at what was already read would be 40 GB.
      expect(performance.now() - began).toBeLessThan(3_000);
    }
  });
});

describe('any split of the bytes', () => {
  const text = fc.constantFrom(
    '--cam\n',
    '\n--cam\n',
    '--cam--\n',
    '\n',
    '\n\n',
    '--',
    '-',
    'cam',
    '--cam',
    ' ',
    'x',
    '\r',
    'Content-Length: 60\n',
    'Content-Length: 4\n\n',
    'Content-Length: 99999\n',
    'Content-Type: image/jpeg\n\n',
    'X-A: b\n\n',
    '--cam\n\n',
  );
  const piece = fc.oneof(
    { weight: 4, arbitrary: text.map((value) => stream(value)) },
    { weight: 2, arbitrary: anyJpeg },
    { weight: 1, arbitrary: anyJpeg.map((jpeg) => jpeg.subarray(0, jpeg.length / 2)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(300, 2_000).map((length) => Buffer.alloc(length, 0x41)),
    },
  );

  it('gives the same parts of any stream a camera may write', () => {
    const part = fc.tuple(
      anyJpeg,
      fc.boolean(),
      fc.constantFrom('', 'Content-Type: image/jpeg\n', 'X-Timestamp: 7.25\n'),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), anyCuts, (parts, places) => {
        const bytes = stream(
          ...parts.flatMap(([body, hasLength, header]) => [
            '--cam\n',
            `${header}${hasLength ? `Content-Length: ${body.length}\n` : ''}\n`,
            body,
            '\n',
          ]),
        );
        const { parts: given, end } = parse(cut(bytes, places));
        expect(given.map(({ body }) => body)).toEqual(parts.map(([body]) => body.toString('hex')));
        expect(end).toBe('ended');
      }),
    );
  });

  it('gives the same of any bytes at all, holds no more than its caps and fails only with a code', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 14 }),
        anyCuts,
        fc.constantFrom(40, 300, 5_000),
        fc.constantFrom(80, 16_384),
        fc.constantFrom<string | undefined>('cam', undefined),
        (pieces, places, maxPartBytes, maxHeaderBytes, boundary) => {
          const settings = { maxPartBytes, maxHeaderBytes, ...(boundary ? { boundary } : {}) };
          const bytes = Buffer.concat(pieces);
          const whole = parse([bytes], settings);
          const split = parse(cut(bytes, places), settings);
          expect(split.parts).toEqual(whole.parts);
          expect(split.end).toBe(whole.end);
          // Counted and searched body, the unfinished line, the headers, a boundary of up to 236 bytes.
          expect(split.held).toBeLessThanOrEqual(2 * maxPartBytes + 2 * maxHeaderBytes + 3 * 236);
          for (const { body } of split.parts)
            expect(body.length / 2).toBeLessThanOrEqual(maxPartBytes);
        },
      ),
      { numRuns: 500 },
    );
  });
});
