import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { NumberedNotice } from '../../api/event.ts';
import type { Results } from '../../detection/results.ts';
import type { CameraId } from '../../frame.ts';
import type { Hub } from '../../hub/hub.ts';
import type { ViewerLimit } from '../../hub/viewer-limit.ts';
import { FaultLog, type Log } from '../../log.ts';
import type { Variants } from '../../variant/variants.ts';
import { FrameMessages } from './frame-messages.ts';
import { ViewerSocket } from './viewer-socket.ts';

/** The longest message a viewer may send, bytes. */
const MAX_MESSAGE = 64 * 1024;
/** A viewer that is silent for twice this long is gone, ms. */
const HEARTBEAT = 15_000;
/** How long a viewer may take to answer the close, ms. */
const CLOSE_GRACE = 500;
/** "Going away", RFC 6455 section 7.4.1. */
const GOING_AWAY = 1001;

export interface WebsocketOptions {
  readonly hub: Hub;
  readonly variants: Variants;
  readonly log: Log;
  readonly limit: ViewerLimit;
  /** What is found in a camera's frames. */
  readonly resultsOf: (camera: CameraId) => Results;
  /** Tells what happens to events. @returns a function that ends it */
  readonly onNotice: (sink: (notice: NumberedNotice) => void) => () => void;
}

/** One WebSocket per viewer for everything it watches. */
export class WebsocketDelivery {
  readonly #hub: Hub;
  readonly #variants: Variants;
  readonly #faults: FaultLog;
  readonly #limit: ViewerLimit;
  readonly #resultsOf: (camera: CameraId) => Results;
  readonly #onNotice: WebsocketOptions['onNotice'];
  readonly #frames = new FrameMessages();
  readonly #viewers = new Set<ViewerSocket>();
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE,
    // JPEG does not get smaller.
    perMessageDeflate: false,
  });
  #heartbeat: NodeJS.Timeout | undefined;

  constructor({ hub, variants, log, limit, resultsOf, onNotice }: WebsocketOptions) {
    this.#hub = hub;
    this.#variants = variants;
    this.#faults = new FaultLog(log, 'websocket message refused');
    this.#limit = limit;
    this.#resultsOf = resultsOf;
    this.#onNotice = onNotice;
  }

  /** Takes over the connection of an upgrade request that was let in. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const viewer = new ViewerSocket(webSocket, {
        hub: this.#hub,
        variants: this.#variants,
        resultsOf: this.#resultsOf,
        onNotice: this.#onNotice,
        frames: this.#frames,
        faults: this.#faults,
        address,
      });
      this.#viewers.add(viewer);
      this.#limit.enter(viewer);
      this.#heartbeat ??= setInterval(() => this.#beat(), HEARTBEAT);
      webSocket.on('close', () => {
        this.#viewers.delete(viewer);
        this.#limit.leave(viewer);
        if (this.#viewers.size > 0) return;
        clearInterval(this.#heartbeat);
        this.#heartbeat = undefined;
      });
    });
  }

  /** Says goodbye to every viewer, and does not wait for those who don't answer. */
  async close(): Promise<void> {
    if (this.#viewers.size === 0) return;
    for (const viewer of this.#viewers) viewer.close(GOING_AWAY, 'the server is stopping');
    const deadline = performance.now() + CLOSE_GRACE;
    while (this.#viewers.size > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const viewer of this.#viewers) viewer.terminate();
  }

  #beat(): void {
    for (const viewer of this.#viewers) viewer.heartbeat();
  }
}
