import type { CameraId } from '../frame.ts';

export const webhookTopics = ['event', 'first-viewer', 'last-viewer'] as const;
export type WebhookTopic = (typeof webhookTopics)[number];

/** An address that is told what happens. */
export interface WebhookSettings {
  /** `http://…` or `https://…`, secrets included. */
  readonly url: string;
  /** Signs what is sent. Default: nothing is signed. */
  readonly secret?: string;
  readonly on: readonly WebhookTopic[];
  /** Of these cameras only. Default: of all. */
  readonly cameras?: readonly CameraId[];
}
