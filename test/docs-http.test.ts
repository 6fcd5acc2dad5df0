import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CameraChangeSchema,
  CameraSchema,
  NewCameraSchema,
  PushAnswerSchema,
} from '../src/api/camera-schemas.ts';
import { EventSchema, RecordingSchema } from '../src/api/event.ts';
import { WebhookListSchema } from '../src/api/webhook.ts';
import { type ErrorCode, errorHelp, FramehubError } from '../src/errors.ts';
import { toProblem } from '../src/http/problem.ts';
import { snap } from '../src/variant/variant-spec.ts';
import { startServer, type TestServer } from './support/server.ts';
import { tableRows } from './support/tables.ts';

const page = await readFile(new URL('../docs/reference/http.md', import.meta.url), 'utf8');

interface Range {
  readonly minimum?: number;
  readonly maximum?: number;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Range & { readonly anyOf?: readonly Range[] };
}
type Operations = Record<string, { readonly parameters?: readonly Parameter[] }>;

let server: TestServer;
/** `GET /api/cameras` → its parameters, as the server describes itself. */
const described = new Map<string, readonly Parameter[]>();

beforeAll(async () => {
  server = await startServer();
  const response = await fetch(`${server.url}/openapi.json`);
  const { paths } = (await response.json()) as { paths: Record<string, Operations> };
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { parameters = [] }] of Object.entries(operations)) {
      described.set(`${method.toUpperCase()} ${path}`, parameters);
    }
  }
});
afterAll(() => server.close());

/** What each section of the page is about, and its text. */
const sections = page.split(/^#{2,3} /m).map((text) => {
  const [heading = ''] = text.split('\n', 1);
  return {
    about: [...heading.matchAll(/`([A-Z]+ \/[^`]*)`/g)].map(([, what]) => what ?? ''),
    text,
  };
});

test('every path and method the server describes has its section, and no other has one', () => {
  const documented = sections.flatMap(({ about }) => about);
  expect(documented.toSorted()).toEqual([...described.keys()].toSorted());
});

test('each section names the query parameters of its paths, with their ranges, and no others', () => {
  for (const { about, text } of sections) {
    const rows = new Map(tableRows(text, 'parameter').map(([name, , takes]) => [name, takes]));
    for (const what of about) {
      const asked = (described.get(what) ?? []).filter((parameter) => parameter.in === 'query');
      expect([...rows.keys()].toSorted(), what).toEqual(asked.map(({ name }) => name).toSorted());
      for (const { name, schema } of asked) {
        const bounds = (schema.anyOf ?? [schema]).flatMap((one) => [one.minimum, one.maximum]);
        for (const bound of bounds.filter((value) => value !== undefined)) {
          expect(rows.get(name), `${name} of ${what}`).toMatch(new RegExp(`\\b${bound}\\b`));
        }
      }
    }
  }
});

test('the tables name every field of what is answered, and of what is asked', () => {
  const named = (what: string, header: string) => {
    const section = sections.find(({ about }) => about.includes(what));
    return tableRows(section?.text ?? '', header).map(([name]) => name);
  };
  const { readers, variants } = CameraSchema.properties;
  expect(named('GET /api/cameras', 'camera')).toEqual(Object.keys(CameraSchema.properties));
  expect(named('GET /api/cameras', 'reader')).toEqual(Object.keys(readers.items.properties));
  expect(named('GET /api/cameras', 'form')).toEqual(Object.keys(variants.items.properties));
  const { detector } = CameraSchema.properties;
  expect(named('GET /api/cameras', 'of the detector')).toEqual(Object.keys(detector.properties));
  expect(named('POST /api/cameras/{id}/frames', 'answer')).toEqual(
    Object.keys(PushAnswerSchema.properties),
  );
  expect(named('GET /api/events', 'event')).toEqual(Object.keys(EventSchema.properties));
  expect(named('GET /api/recording', 'recording')).toEqual(Object.keys(RecordingSchema.properties));
  const { webhooks } = WebhookListSchema.properties;
  expect(named('GET /api/webhooks', 'webhook')).toEqual(Object.keys(webhooks.items.properties));
  const asked = named('POST /api/cameras', 'in the body');
  expect(asked).toEqual(Object.keys(NewCameraSchema.properties));
  expect(asked.filter((name) => name !== 'id').toSorted()).toEqual(
    Object.keys(CameraChangeSchema.properties).toSorted(),
  );
});

test('the table of states names each with what it has besides', () => {
  const states = CameraSchema.properties.status.anyOf.map(({ properties }) => {
    const { state, since: _since, reason: _reason, ...rest } = properties;
    return [state.const, Object.keys(rest).join(', ')];
  });
  const documented = tableRows(page, 'state').map(([state, , besides]) => [state, besides]);
  expect(documented).toEqual(states);
});

test('every status an error is answered with is listed, with its codes', () => {
  const codes = Object.keys(errorHelp) as ErrorCode[];
  const real = codes.map((code) => [code, toProblem(new FramehubError(code, '')).status] as const);
  const documented = tableRows(page, 'status').flatMap(([status, list = '']) =>
    [...list.matchAll(/\b[A-Z]+_[A-Z_]+|UNAUTHORIZED|FORBIDDEN/g)].map(
      ([code]) => [code, Number(status)] as const,
    ),
  );
  expect(new Map(documented)).toEqual(new Map(real.filter(([, status]) => status !== 500)));
  expect(tableRows(page, 'status').at(-1)?.[0]).toBe('500');
});

test('every step of the ladder of forms is listed', () => {
  const steps = new Map(
    tableRows(page, 'wish').map(([wish, list = '']) => [wish, list.split(', ').map(Number)]),
  );
  const reached = (wish: 'width' | 'quality' | 'fps', wishes: readonly number[]) => [
    ...new Set(
      wishes.map((value) => snap({ [wish]: value })[wish]).filter((step) => step !== undefined),
    ),
  ];
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  expect(steps.get('width')).toEqual(reached('width', upTo(5_000)));
  expect(steps.get('quality')).toEqual(reached('quality', upTo(100)));
  expect(steps.get('fps')).toEqual(reached('fps', [0.1, 0.2, 0.3, 0.4, 0.5, ...upTo(60)]));
});

test('the stream has the headers the page shows', async () => {
  server.framehub.addCamera({ id: 'front', source: 'test:?size=160x120' });
  const { headers } = await fetch(`${server.url}/video_feed`, { method: 'HEAD' });
  const shown = /HTTP\/1\.1 200 OK\n(Content-Type: multipart.*?)\n\n/s.exec(page)?.[1] ?? '';
  for (const line of shown.split('\n')) {
    const [name = '', value = ''] = line.split(': ');
    expect(headers.get(name), name).toContain(value.replace(/5f0c…$/, ''));
  }
});
