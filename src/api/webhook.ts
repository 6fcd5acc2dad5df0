import Type, { type Static } from 'typebox';
import type { EventNotice } from './event.ts';

/** The body of a webhook. Points in time are ms since the epoch. */
export type WebhookMessage =
  /** Something came into view, or went. */
  | ({ readonly type: 'event'; readonly at: number } & EventNotice)
  /** The first one watches a camera; nobody does any more. */
  | {
      readonly type: 'first-viewer' | 'last-viewer';
      readonly at: number;
      readonly camera: string;
      readonly name: string;
    };

const count = (description: string) => Type.Integer({ minimum: 0, description });
const time = (description: string) =>
  Type.Optional(Type.Number({ description: `${description}, ms since the epoch.` }));

const WebhookSchema = Type.Object({
  url: Type.String({ description: 'The address, its secrets redacted.' }),
  on: Type.Array(Type.String(), { description: 'What it is told.' }),
  cameras: Type.Optional(Type.Array(Type.String(), { description: 'Of these cameras only.' })),
  signed: Type.Boolean({ description: 'It has a secret.' }),
  waiting: count('Messages that wait, the one under way included.'),
  sent: count('Messages it took.'),
  failed: count('Messages given up after the last try.'),
  dropped: count('Messages left out because too many waited.'),
  lastSentAt: time('When it last took one'),
  lastError: Type.Optional(Type.String({ description: 'Why the last try that failed did.' })),
  lastErrorAt: time('When that was'),
});
export type WebhookReport = Static<typeof WebhookSchema>;

export const WebhookListSchema = Type.Object({ webhooks: Type.Array(WebhookSchema) });
