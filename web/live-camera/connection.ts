import { decodeFrameMessage } from '../../src/api/frame-message.ts';
import type { ClientMessage, ServerMessage } from '../../src/api/socket-messages.ts';
import { type ServerAddress, socketUrl } from './address.ts';
import { askCamera } from './ask.ts';
import { backoff } from './backoff.ts';
import { Clock } from './clock.ts';
import { Feed, type Watcher } from './feed.ts';

/** Time between two pings, ms. */
const BEAT = 5_000;
/** A server that says nothing for this long is away, ms. */
const SILENCE = 12_000;
/** How long plain HTTP may take to answer, ms. */
const PATIENCE = 5_000;
/** A connection that held this long was a good one, ms: the next one is tried soon again. */
const STEADY = 5_000;
/** Where something on the way blocks WebSocket, it is tried again this often, ms. */
const BLOCKED_RETRY = 60_000;

/** How it stands between this page and the server. */
export type Link =
  | { state: 'connecting' }
  | { state: 'open' }
  | { state: 'away'; reason: string }
  | { state: 'refused'; reason: string }
  /** HTTP gets through and WebSocket does not. */
  | { state: 'blocked' };

/**
 * One WebSocket for all players of the page that watch one server. Opens at the first `watch`,
 * comes back by itself while anyone watches, closes for good when the last one left.
 */
export class Connection {
  readonly clock = new Clock();
  readonly #address: ServerAddress;
  readonly #feeds = new Map<string, Feed>();
  /** What this connection subscribed to: with results, or without. */
  readonly #asked = new Map<Feed, boolean>();
  #link: Link = { state: 'connecting' };
  #socket: WebSocket | undefined;
  /** The one timer: the next attempt, or the next beat. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #question = new AbortController();
  #attempt = 0;
  /** Sockets in a row that closed before the server's hello. */
  #mute = 0;
  #openedAt = 0;
  #heardAt = 0;
  #pingedAt = 0;
  #pings = 0;

  constructor(address: ServerAddress) {
    this.#address = address;
  }

  get idle(): boolean {
    return this.#feeds.size === 0;
  }

  /** Returns what ends it. */
  watch(camera: string, watcher: Watcher): () => void {
    let feed = this.#feeds.get(camera);
    if (feed === undefined) {
      feed = new Feed(camera);
      this.#feeds.set(camera, feed);
    }
    if (this.#socket === undefined && this.#timer === undefined) this.#open();
    watcher.onLink(this.#link);
    feed.add(watcher);
    this.#subscribe([feed]);
    return () => this.#leave(feed, watcher);
  }

  #leave(feed: Feed, watcher: Watcher): void {
    feed.remove(watcher);
    if (this.#feeds.get(feed.camera) !== feed) return;
    if (feed.watchers.size > 0) {
      this.#subscribe([feed]);
      return;
    }
    this.#feeds.delete(feed.camera);
    this.#asked.delete(feed);
    if (!this.idle) {
      if (this.#link.state === 'open') this.#send({ type: 'unsubscribe', cameras: [feed.camera] });
      return;
    }
    this.#question.abort();
    this.#question = new AbortController();
    this.#drop();
    this.#link = { state: 'connecting' };
    this.#attempt = 0;
    this.#mute = 0;
  }

  #open(): void {
    this.#wait(SILENCE, () => this.#lost());
    this.#openedAt = this.clock.time();
    try {
      const socket = new WebSocket(socketUrl(this.#address));
      socket.binaryType = 'arraybuffer';
      socket.onmessage = ({ data }) => this.#receive(data);
      socket.onclose = () => this.#lost();
      this.#socket = socket;
    } catch {
      // A page loaded over https may not open a plain socket: as good as one that closed at once.
      this.#lost();
    }
  }

  /** Forgets the socket without waiting for its closing handshake, which a dead peer never ends. */
  #drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #lost(): void {
    const wasOpen = this.#link.state === 'open';
    this.#drop();
    this.#asked.clear();
    for (const feed of this.#feeds.values()) feed.forget();
    if (wasOpen) {
      if (this.clock.time() - this.#openedAt > STEADY) this.#attempt = 0;
      this.#become({ state: 'away', reason: '' });
      this.#again();
    } else {
      this.#mute++;
      void this.#inquire();
    }
  }

  /** A browser doesn't say why a socket was refused, so plain HTTP is asked. */
  async #inquire(): Promise<void> {
    const question = new AbortController();
    this.#question = question;
    this.#wait(PATIENCE, () => question.abort());
    const [camera = ''] = this.#feeds.keys();
    const answer = await askCamera(this.#address, camera, question.signal);
    if (question !== this.#question) return;
    const through = answer.kind === 'camera' || answer.kind === 'unknown';
    if (!through) {
      this.#mute = 0;
      this.#become({ state: answer.kind, reason: answer.reason });
    } else if (this.#mute > 1) {
      this.#become({ state: 'blocked' });
    }
    this.#again();
  }

  #again(): void {
    const delay = this.#link.state === 'blocked' ? BLOCKED_RETRY : backoff(this.#attempt++);
    this.#wait(delay, () => this.#open());
  }

  #receive(data: unknown): void {
    this.#heardAt = this.clock.time();
    if (data instanceof ArrayBuffer) this.#receiveFrame(data);
    else this.#receiveMessage(JSON.parse(String(data)) as ServerMessage);
  }

  #receiveFrame(data: ArrayBuffer): void {
    const frame = decodeFrameMessage(data);
    if (frame === undefined) return;
    const { camera, seq } = frame;
    const socket = this.#socket;
    this.#feeds.get(camera)?.frame(frame, () => {
      // Numbers of an older connection mean nothing to this one.
      if (socket === this.#socket) this.#send({ type: 'ack', camera, seq });
    });
  }

  #receiveMessage(message: ServerMessage): void {
    switch (message.type) {
      case 'hello':
        this.#mute = 0;
        this.clock.note(this.#openedAt, this.#heardAt, message.now);
        this.#become({ state: 'open' });
        this.#subscribe([...this.#feeds.values()]);
        this.#beat();
        break;
      case 'status':
        this.#feeds.get(message.camera)?.status(message.status, message.name);
        break;
      case 'detections':
        this.#feeds.get(message.result.camera)?.result(message.result);
        break;
      case 'gone':
        this.#feeds.get(message.camera)?.removed(message.message);
        break;
      case 'pong':
        if (message.id === this.#pings) this.clock.note(this.#pingedAt, this.#heardAt, message.now);
        break;
      case 'error':
        console.warn(`live-camera: ${message.message} ${message.help}`);
    }
  }

  #beat(): void {
    if (this.#heardAt < this.#pingedAt && this.clock.time() - this.#heardAt > SILENCE) {
      this.#lost();
      return;
    }
    this.#pingedAt = this.clock.time();
    this.#send({ type: 'ping', id: ++this.#pings });
    // A camera that was removed may come back under the same id.
    const gone = [...this.#feeds.values()].filter((feed) => feed.gone);
    for (const feed of gone) this.#asked.delete(feed);
    this.#subscribe(gone);
    this.#wait(BEAT, () => this.#beat());
  }

  /** Asks for what is not asked for already, in as few messages as possible. */
  #subscribe(feeds: readonly Feed[]): void {
    if (this.#link.state !== 'open') return;
    for (const detections of [false, true]) {
      const wanted = feeds.filter(
        (feed) => feed.wantsResults === detections && this.#asked.get(feed) !== detections,
      );
      if (wanted.length === 0) continue;
      for (const feed of wanted) this.#asked.set(feed, detections);
      const cameras = wanted.map(({ camera }) => camera);
      this.#send({ type: 'subscribe', cameras, ...(detections ? { detections } : {}) });
    }
  }

  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #become(link: Link): void {
    this.#link = link;
    for (const feed of this.#feeds.values()) {
      for (const watcher of feed.watchers) watcher.onLink(link);
    }
  }

  #wait(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      then();
    }, ms);
  }
}
