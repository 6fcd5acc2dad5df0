import { isMap, isNode, isSeq, type YAMLMap } from 'yaml';
import { type WebhookSettings, type WebhookTopic, webhookTopics } from '../settings/webhook.ts';
import { isCameraId } from '../settings.ts';
import type { Faults } from './faults.ts';
import { didYouMean } from './suggest.ts';
import type { ParsedFile } from './syntax.ts';
import { choice, describe, list, problemWith, quote, text, type ValueKind } from './values.ts';
import { type Entry, entriesOf, resolve } from './yaml-entries.ts';

/** More would be a mailing list. */
const MAX_WEBHOOKS = 16;

const topics = choice(webhookTopics);

/** What a webhook takes, by key. */
export const webhookFields = {
  url: text('an address that begins with http:// or https://', isAddress),
  secret: {
    ...text('16 to 256 letters, digits and the signs - . _ ~', (value) =>
      /^[A-Za-z0-9._~-]{16,256}$/.test(value),
    ),
    secret: true,
  },
  on: list(`a list of ${topics.expected}`, topics),
  cameras: list('a list of camera ids', text('a camera id', isCameraId)),
} satisfies Record<string, ValueKind<unknown>>;

/** `webhooks:`, a list of maps. Every fault is added with its line and column. */
export function readWebhooks(
  file: ParsedFile,
  faults: Faults,
  { raw, value, keyNode }: Entry,
): readonly WebhookSettings[] {
  const node = resolve(file, value);
  if (raw === null) return [];
  const place = file.place(value ?? keyNode);
  if (!isSeq(node)) {
    const expected = 'a list, such as "- url: https://example.org/hook"';
    faults.add(place, `webhooks: expected ${expected}, got ${describe(raw)}`);
    return [];
  }
  if (node.items.length > MAX_WEBHOOKS) {
    faults.add(place, `webhooks: expected at most ${MAX_WEBHOOKS}, got ${node.items.length}`);
    return [];
  }
  return node.items.flatMap((item) => {
    const map = isNode(item) ? resolve(file, item) : null;
    if (isMap(map)) return readWebhook(file, faults, map) ?? [];
    const expected = '"url:" and "on:" lines';
    faults.add(isNode(item) ? file.place(item) : place, `webhooks: expected ${expected} in each`);
    return [];
  });
}

function readWebhook(file: ParsedFile, faults: Faults, map: YAMLMap): WebhookSettings | undefined {
  let url: string | undefined;
  let secret: string | undefined;
  let on: readonly WebhookTopic[] | undefined;
  let cameras: readonly string[] | undefined;
  const missing = new Set(['url', 'on']);
  for (const { key, keyNode, value, raw } of entriesOf(file, faults, map, 'key')) {
    missing.delete(key);
    const read = <T>(kind: ValueKind<T>): T | undefined => {
      const result = kind.read(raw);
      if (result === undefined) {
        faults.add(file.place(value ?? keyNode), `${key}: ${problemWith(kind, raw)}`);
      }
      return result;
    };
    if (key === 'url') url = read(webhookFields.url);
    else if (key === 'secret') secret = read(webhookFields.secret);
    else if (key === 'on') on = read(webhookFields.on);
    else if (key === 'cameras') cameras = read(webhookFields.cameras);
    else {
      const near = didYouMean(key, Object.keys(webhookFields));
      faults.add(file.place(keyNode), `a webhook has no ${quote(key)}${near}`);
    }
  }
  for (const key of missing) faults.add(file.place(map), `a webhook has no "${key}"`);
  if (url === undefined || on === undefined) return undefined;
  return {
    url,
    on,
    ...(secret === undefined ? {} : { secret }),
    ...(cameras === undefined ? {} : { cameras }),
  };
}

function isAddress(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}
