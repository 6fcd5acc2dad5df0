import type { EventNotice } from '../api/event.ts';
import type { WebhookMessage, WebhookReport } from '../api/webhook.ts';
import type { Channel } from '../hub/channel.ts';
import type { Log } from '../log.ts';
import type { WebhookSettings } from '../settings/webhook.ts';
import { Viewers } from './viewers.ts';
import { Webhook } from './webhook.ts';

export interface WebhooksOptions {
  readonly webhooks: readonly WebhookSettings[];
  readonly log: Log;
  readonly version: string;
}

/** The addresses that are told what happens. Nothing waits for them. */
export class Webhooks {
  readonly #webhooks: readonly Webhook[];
  readonly #viewers: Viewers;

  constructor({ webhooks, log, version }: WebhooksOptions) {
    this.#webhooks = webhooks.map((settings) => new Webhook({ settings, log, version }));
    this.#viewers = new Viewers({
      changed: (type, { camera, name }) =>
        this.#tell(camera, { type, at: Date.now(), camera, name }),
    });
  }

  /** Something happened to an event; that it goes on is not told. */
  event({ change, event }: EventNotice): void {
    if (change === 'updated') return;
    this.#tell(event.camera, { type: 'event', at: Date.now(), change, event });
  }

  /** Somebody came to a camera or left it. */
  readersChanged(channel: Channel): void {
    if (this.#webhooks.length > 0) this.#viewers.check(channel);
  }

  report(): WebhookReport[] {
    return this.#webhooks.map((webhook) => webhook.report());
  }

  async close(): Promise<void> {
    this.#viewers.close();
    await Promise.all(this.#webhooks.map((webhook) => webhook.close()));
  }

  #tell(camera: string, message: WebhookMessage): void {
    for (const webhook of this.#webhooks) {
      if (webhook.wants(message.type, camera)) webhook.push(message);
    }
  }
}
