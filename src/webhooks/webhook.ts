import { randomUUID } from 'node:crypto';
import type { WebhookMessage, WebhookReport } from '../api/webhook.ts';
import { FaultLog, type Log } from '../log.ts';
import { redactUrl } from '../media/redact.ts';
import type { WebhookSettings } from '../settings/webhook.ts';
import { sign } from './signature.ts';

/** Messages that wait for one address; beyond, the oldest are left out and counted. */
const MAX_WAITING = 100;
const MAX_TRIES = 5;
/** How long one try may take, ms. */
const TRY_TIMEOUT = 10_000;
/** How long messages may still be under way when the server stops, ms. */
const CLOSE_GRACE = 1_000;

export interface WebhookOptions {
  readonly settings: WebhookSettings;
  readonly log: Log;
  readonly version: string;
  /** The wait before the second try, ms; twice as long before each further one. Default 1,000. */
  readonly firstWait?: number;
}

interface Waiting {
  readonly id: string;
  readonly body: string;
}

/** One address that is told what happens, one message after the other. */
export class Webhook {
  readonly #settings: WebhookSettings;
  readonly #version: string;
  readonly #firstWait: number;
  readonly #faults: FaultLog;
  readonly #url: string;
  readonly #queue: Waiting[] = [];
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #closing = false;
  #sent = 0;
  #failed = 0;
  #dropped = 0;
  #lastSentAt: number | undefined;
  #lastError: { readonly reason: string; readonly at: number } | undefined;

  constructor({ settings, log, version, firstWait = 1_000 }: WebhookOptions) {
    this.#settings = settings;
    this.#version = version;
    this.#firstWait = firstWait;
    this.#url = shownUrl(settings.url);
    this.#faults = new FaultLog(log, 'webhook failed');
  }

  wants(type: WebhookMessage['type'], camera: string): boolean {
    const { on, cameras } = this.#settings;
    return on.includes(type) && (cameras === undefined || cameras.includes(camera));
  }

  /** Sends it when its turn comes. Returns at once. */
  push(message: WebhookMessage): void {
    if (this.#closing) return;
    this.#queue.push({ id: randomUUID(), body: JSON.stringify(message) });
    if (this.#queue.length > MAX_WAITING) {
      // Not the first one, which may be under way.
      this.#queue.splice(1, 1);
      this.#dropped += 1;
    }
    this.#running ??= this.#run();
  }

  report(): WebhookReport {
    const { on, cameras, secret } = this.#settings;
    return {
      url: this.#url,
      on: [...on],
      ...(cameras === undefined ? {} : { cameras: [...cameras] }),
      signed: secret !== undefined,
      waiting: this.#queue.length,
      sent: this.#sent,
      failed: this.#failed,
      dropped: this.#dropped,
      ...(this.#lastSentAt === undefined ? {} : { lastSentAt: this.#lastSentAt }),
      ...(this.#lastError === undefined
        ? {}
        : { lastError: this.#lastError.reason, lastErrorAt: this.#lastError.at }),
    };
  }

  /** Gives what waits a moment, and gives up the rest. */
  async close(): Promise<void> {
    this.#closing = true;
    const timer = setTimeout(() => this.#stop.abort(), CLOSE_GRACE);
    await this.#running;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const taken = await this.#deliver(next);
      if (this.#stop.signal.aborted) break;
      this.#queue.shift();
      if (taken) this.#sent += 1;
      else this.#failed += 1;
    }
    this.#running = undefined;
  }

  async #deliver(message: Waiting): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#send(message);
        this.#lastSentAt = Date.now();
        return true;
      } catch (thrown) {
        const reason = this.#reason(thrown);
        this.#lastError = { reason, at: Date.now() };
        this.#faults.add({ url: this.#url, attempt, reason });
      }
      if (attempt >= MAX_TRIES || this.#stop.signal.aborted) return false;
      await sleep(this.#firstWait * 2 ** (attempt - 1), this.#stop.signal);
      if (this.#stop.signal.aborted) return false;
    }
  }

  async #send({ id, body }: Waiting): Promise<void> {
    const { url, secret } = this.#settings;
    const { address, authorization } = withoutUserInfo(url);
    const response = await fetch(address, {
      method: 'POST',
      body,
      // Where it goes was decided by who wrote the settings.
      redirect: 'manual',
      signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TRY_TIMEOUT)]),
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': `framehub/${this.#version}`,
        'X-Framehub-Delivery': id,
        ...authorization,
        ...(secret === undefined
          ? {}
          : { 'X-Framehub-Signature': sign(body, secret, Math.floor(Date.now() / 1_000)) }),
      },
    });
    // What it says is not read.
    await response.body?.cancel();
    if (!response.ok) throw new Error(`it answered with status ${response.status}`);
  }

  #reason(thrown: unknown): string {
    if (!(thrown instanceof Error)) return String(thrown);
    if (thrown.name === 'TimeoutError') return `it did not answer within ${TRY_TIMEOUT} ms`;
    // What fetch says itself is "fetch failed".
    const { cause } = thrown;
    return cause instanceof Error ? cause.message : thrown.message;
  }
}

/**
 * The address as it may be shown. Services put a token into the path or the query: what looks like
 * one is hidden.
 */
export function shownUrl(url: string): string {
  const [address = '', ...query] = redactUrl(url).split('?');
  const parts = address.split('/').map((part, index) => {
    const isName = index < 3 || !/^(?=.*\d)[\w~.:-]{12,}$|^[\w~.:-]{24,}$/.test(part);
    return isName ? part : '***';
  });
  return `${parts.join('/')}${query.length > 0 ? '?***' : ''}`;
}

/** `fetch` refuses an address with a user in it. */
function withoutUserInfo(url: string): {
  readonly address: URL;
  readonly authorization: Record<string, string>;
} {
  const address = new URL(url);
  const { username, password } = address;
  if (username === '' && password === '') return { address, authorization: {} };
  address.username = '';
  address.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    address,
    authorization: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
  };
}

/** Waits, or less when aborted. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
