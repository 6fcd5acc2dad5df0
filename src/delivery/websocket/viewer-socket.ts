import type { WebSocket } from 'ws';
import type { NumberedNotice } from '../../api/event.ts';
import type { ClientMessage, ServerMessage } from '../../api/socket-messages.ts';
import type { QueuedResult } from '../../detection/result-queue.ts';
import type { Results } from '../../detection/results.ts';
import { FramehubError, toFramehubError } from '../../errors.ts';
import type { CameraId } from '../../frame.ts';
import type { Hub } from '../../hub/hub.ts';
import type { LimitedViewer } from '../../hub/viewer-limit.ts';
import type { FaultLog } from '../../log.ts';
import { snap, type VariantWish, variantLabel } from '../../variant/variant-spec.ts';
import type { Variants } from '../../variant/variants.ts';
import type { FrameMessages } from './frame-messages.ts';
import { parseMessage } from './parse-message.ts';
import { ResultSubscription } from './result-subscription.ts';
import { Subscription, type SubscriptionOutput } from './subscription.ts';

/** "Try again later" in IANA's registry of close codes. */
const TRY_AGAIN_LATER = 1013;
/** Cameras one viewer may watch at a time. */
const MAX_SUBSCRIPTIONS = 64;
/** A viewer that lets this much wait for it has stopped reading, bytes: two large frames a camera. */
const MAX_BUFFERED = 64 * 1024 * 1024;

export interface ViewerSocketOptions {
  readonly hub: Hub;
  readonly variants: Variants;
  readonly resultsOf: (camera: CameraId) => Results;
  /** Tells what happens to events. @returns a function that ends it */
  readonly onNotice: (sink: (notice: NumberedNotice) => void) => () => void;
  /** Shared by all viewers. */
  readonly frames: FrameMessages;
  readonly faults: FaultLog;
  /** Network address, for the readers' reports. */
  readonly address: string;
}

/** One viewer on a WebSocket, with its subscriptions. */
export class ViewerSocket implements LimitedViewer {
  readonly #socket: WebSocket;
  readonly #options: ViewerSocketOptions;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #results = new Map<string, ResultSubscription>();
  /** Cameras whose events are wanted. */
  readonly #eventsOf = new Set<string>();
  #unsubscribeEvents: (() => void) | undefined;
  #alive = true;
  #lastActive = performance.now();

  constructor(socket: WebSocket, options: ViewerSocketOptions) {
    this.#socket = socket;
    this.#options = options;
    const { faults, address } = options;
    socket.on('message', (data, binary) => {
      this.#alive = true;
      this.#lastActive = performance.now();
      this.#receive(data.toString(), binary);
    });
    socket.on('pong', () => {
      this.#alive = true;
    });
    socket.on('close', () => this.#release());
    // The `close` that follows says the same, and the viewer is a person who went away.
    socket.on('error', (error) => faults.add({ address, reason: error.message }));
    this.#send({ type: 'hello', protocol: 1, now: Date.now() });
  }

  /**
   * Ends a viewer that was silent since the ping before; asks the others. On a slow link the ping
   * waits behind pictures, and the acks of those say as well that someone is there.
   */
  heartbeat(): void {
    if (!this.#alive) {
      this.#socket.terminate();
      return;
    }
    this.#alive = false;
    this.#socket.ping();
  }

  /** @param code WebSocket close code */
  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** When it last said something. */
  get lastActive(): number {
    return this.#lastActive;
  }

  evict(): void {
    this.close(TRY_AGAIN_LATER, 'too many viewers');
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #receive(text: string, binary: boolean): void {
    if (this.#socket.bufferedAmount > MAX_BUFFERED) {
      this.#socket.terminate();
      return;
    }
    try {
      if (binary)
        throw new FramehubError('MESSAGE_INVALID', 'Expected text; got a binary message.');
      this.#handle(parseMessage(text));
    } catch (thrown) {
      const { code, message, help } = toFramehubError(thrown);
      this.#options.faults.add({ address: this.#options.address, code, reason: message });
      this.#send({ type: 'error', code, message, help });
    }
  }

  #handle(message: ClientMessage): void {
    switch (message.type) {
      case 'subscribe':
        for (const camera of message.cameras) {
          this.#subscribe(camera, message);
          this.#wantResults(camera, message.detections === true);
          this.#wantEvents(camera, message.events === true);
        }
        return;
      case 'unsubscribe':
        for (const camera of message.cameras) this.#unsubscribe(camera);
        return;
      case 'ack':
        this.#subscriptions.get(message.camera)?.acknowledge(message.seq);
        return;
      case 'ping':
        this.#send({ type: 'pong', id: message.id, now: Date.now() });
    }
  }

  #subscribe(camera: string, wish: VariantWish): void {
    const { hub, variants, address } = this.#options;
    const known = this.#subscriptions.get(camera);
    try {
      if (known === undefined && this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
        throw new FramehubError(
          'TOO_MANY',
          `One socket carries at most ${MAX_SUBSCRIPTIONS} cameras.`,
        );
      }
      const channel = variants.channel(hub.channel(camera), wish);
      const label = variantLabel(snap(wish));
      if (known !== undefined) {
        known.change(channel, label);
        return;
      }
      const identity = { kind: 'websocket', address };
      this.#subscriptions.set(camera, new Subscription(channel, label, identity, this.#output));
    } catch (thrown) {
      // A camera that is watched already goes on as it was.
      if (known !== undefined) throw thrown;
      const { code, message } = toFramehubError(thrown);
      this.#send({ type: 'gone', camera: camera.slice(0, 64), code, message });
    }
  }

  #wantResults(camera: string, wanted: boolean): void {
    const known = this.#results.get(camera);
    if (wanted && known === undefined && this.#subscriptions.has(camera)) {
      const results = this.#options.resultsOf(camera);
      this.#results.set(camera, new ResultSubscription(results, this.#sendResult));
    } else if (!wanted && known !== undefined) {
      known.close();
      this.#results.delete(camera);
    }
  }

  #unsubscribe(camera: string): void {
    this.#subscriptions.get(camera)?.close();
    this.#forget(camera);
  }

  #forget(camera: string): void {
    this.#subscriptions.delete(camera);
    this.#wantResults(camera, false);
    this.#wantEvents(camera, false);
  }

  #wantEvents(camera: string, wanted: boolean): void {
    if (wanted && this.#subscriptions.has(camera)) this.#eventsOf.add(camera);
    else this.#eventsOf.delete(camera);
    if (this.#eventsOf.size > 0)
      this.#unsubscribeEvents ??= this.#options.onNotice(this.#sendEvent);
    else this.#endEvents();
  }

  #endEvents(): void {
    this.#unsubscribeEvents?.();
    this.#unsubscribeEvents = undefined;
  }

  readonly #sendEvent = ({ change, event }: NumberedNotice): void => {
    if (!this.#eventsOf.has(event.camera)) return;
    if (this.#socket.bufferedAmount > MAX_BUFFERED) this.#socket.terminate();
    else this.#send({ type: 'event', change, event });
  };

  readonly #sendResult = ({ result, skipped }: QueuedResult, sent: () => void): void => {
    const message: ServerMessage = {
      type: 'detections',
      result,
      ...(skipped === 0 ? {} : { skipped }),
    };
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(JSON.stringify(message), sent);
  };

  readonly #output: SubscriptionOutput = {
    frame: (frame) => {
      const bytes = this.#options.frames.bytes(frame);
      this.#socket.send(bytes);
      return bytes.length;
    },
    status: ({ camera, name }, status) => this.#send({ type: 'status', camera, name, status }),
    gone: (camera, { code, message }) => {
      this.#forget(camera);
      this.#send({ type: 'gone', camera, code, message });
    },
  };

  #send(message: ServerMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #release(): void {
    for (const subscription of this.#subscriptions.values()) subscription.close();
    this.#subscriptions.clear();
    for (const results of this.#results.values()) results.close();
    this.#results.clear();
    this.#eventsOf.clear();
    this.#endEvents();
  }
}
