import type { Detection, DetectionResult } from '../../src/api/detection.ts';
import type { FrameMessage } from '../../src/api/frame-message.ts';
import type { ServerAddress } from './address.ts';
import type { Answer } from './ask.ts';
import type { BoxMode } from './boxes.ts';
import type { Link } from './connection.ts';
import type { Connections } from './connections.ts';
import { LiveBoxes } from './live-boxes.ts';
import { MjpegPlayer } from './mjpeg.ts';
import { isCameraStatus, type PlayerStatus } from './status.ts';
import type { View } from './view.ts';
import { spokenWords, wordsFor } from './words.ts';

export type Transport = 'auto' | 'websocket' | 'mjpeg';

export interface PlayerHost {
  /** What the picture is of, when the page says so itself. */
  label(): string | null;
  onStatus(status: PlayerStatus): void;
  onFrame(frame: FrameMessage): void;
  onResult(result: DetectionResult): void;
}

/** What is to be played, and how. */
export interface Playing {
  readonly address: ServerAddress;
  readonly camera: string;
  readonly transport: Transport;
  readonly boxes: BoxMode;
}

/** Shows one camera in one view: over the shared socket, or as MJPEG where that fails. */
export class Player {
  readonly #view: View;
  readonly #connections: Connections;
  readonly #host: PlayerHost;
  readonly #liveBoxes = new LiveBoxes();
  #status: PlayerStatus = { state: 'paused', reason: '' };
  #name = '';
  #camera = '';
  #frame: Pick<FrameMessage, 'seq' | 'capturedAt'> | undefined;
  /** The picture on screen came after the last doubt about it. */
  #fresh = false;
  #leave: (() => void) | undefined;
  #mjpeg: MjpegPlayer | undefined;
  #now: () => number = Date.now;

  constructor(view: View, connections: Connections, host: PlayerHost) {
    this.#view = view;
    this.#connections = connections;
    this.#host = host;
  }

  get status(): PlayerStatus {
    return this.#status;
  }

  get seq(): number | undefined {
    return this.#frame?.seq;
  }

  /** How old the newest picture is, ms; undefined without one, and over MJPEG, which doesn't tell. */
  get age(): number | undefined {
    return this.#frame === undefined
      ? undefined
      : Math.max(0, this.#now() - this.#frame.capturedAt);
  }

  play(playing: Playing): void {
    const { camera, transport } = playing;
    // Left only after the new one is there, so that the socket they share stays open.
    const leave = this.#leave;
    this.#leave = undefined;
    this.#end();
    if (camera !== this.#camera) {
      this.#name = '';
      this.#view.clear();
    }
    this.#camera = camera;
    if (!camera) {
      const reason = 'Say which: <live-camera camera="front">';
      this.#become({ state: 'gone', reason, known: false });
    } else {
      this.#become({ state: 'connecting', reason: '' });
      if (transport === 'mjpeg') this.#playMjpeg(playing);
      else this.#playSocket(playing);
    }
    leave?.();
  }

  /** Lets go of everything; the last picture stays, dimmed. */
  pause(): void {
    this.#end();
    this.#become({ state: 'paused', reason: '' });
  }

  /** Twice a second: what counts seconds is written anew. */
  tick(): void {
    this.#mjpeg?.tick();
    this.#view.boxes.restyle();
    this.render();
  }

  render(): void {
    const status = this.#status;
    const seen = this.#fresh && isCameraStatus(status);
    const showsLive = seen && status.state === 'live';
    const shown: PlayerStatus =
      status.state === 'live' && !showsLive ? { ...status, state: 'starting' } : status;
    const label = this.#host.label() ?? (this.#name || this.#camera || 'camera');
    this.#view.show({
      words: wordsFor(shown, this.#now(), this.#frame?.capturedAt),
      // The server writes the state into the MJPEG stream's own pictures.
      dim: !(showsLive || (seen && this.#mjpeg !== undefined)),
      spoken: `${label}: ${spokenWords(shown)}`,
      label,
    });
  }

  #end(): void {
    this.#endMjpeg();
    this.#leave?.();
    this.#leave = undefined;
    this.#frame = undefined;
    this.#dropBoxes();
  }

  #playSocket(playing: Playing): void {
    const { address, transport, boxes: mode } = playing;
    const fallBack = () => {
      if (transport === 'auto') this.#playMjpeg(playing);
    };
    const { clock, leave } = this.#connections.watch(address, this.#camera, {
      mode,
      onLink: (link) => this.#onLink(link, fallBack),
      onStatus: (status, name) => this.#onStatus(status, name),
      onGone: (reason, known) => this.#become({ state: 'gone', reason, known }),
      onFrame: (picture, frame, boxes) => this.#onFrame(picture, frame, mode, boxes),
      onResult: (result) => this.#onResult(result, mode),
    });
    this.#leave = leave;
    this.#now = () => clock.now();
  }

  #playMjpeg({ address, boxes }: Playing): void {
    if (this.#mjpeg !== undefined) return;
    this.#frame = undefined;
    this.#dropBoxes();
    const annotated = boxes !== 'off';
    this.#mjpeg = new MjpegPlayer(address, this.#camera, annotated, this.#view, {
      onAnswer: (answer) => this.#onAnswer(answer),
      onPicture: (shown) => {
        this.#fresh = shown;
        this.render();
      },
    });
  }

  #endMjpeg(): void {
    this.#mjpeg?.stop();
    this.#mjpeg = undefined;
    this.#fresh = false;
  }

  #onLink(link: Link, fallBack: () => void): void {
    if (link.state === 'open') {
      this.#endMjpeg();
      this.#become({ state: 'connecting', reason: '' });
    } else if (this.#mjpeg !== undefined) {
      // It knows by itself how things stand.
    } else if (link.state === 'blocked') {
      this.#become({
        state: 'away',
        reason: 'Something on the way does not let WebSocket through.',
      });
      fallBack();
    } else if (link.state === 'connecting') {
      this.#become({ state: 'connecting', reason: '' });
    } else {
      this.#become(link);
    }
  }

  #onStatus(status: PlayerStatus, name: string): void {
    this.#name = name;
    this.#become(status);
  }

  #onAnswer(answer: Answer): void {
    if (answer.kind === 'camera') {
      const { name, status, now } = answer;
      const offset = now - Date.now();
      this.#now = () => Date.now() + offset;
      this.#onStatus(status, name);
    } else if (answer.kind === 'unknown') {
      this.#become({ state: 'gone', reason: answer.reason, known: this.#name !== '' });
    } else {
      this.#become({ state: answer.kind, reason: answer.reason });
    }
  }

  #onFrame(
    picture: ImageBitmap,
    frame: FrameMessage,
    mode: BoxMode,
    boxes: readonly Detection[] | undefined,
  ): void {
    this.#view.draw(picture, picture.width, picture.height);
    this.#frame = { seq: frame.seq, capturedAt: frame.capturedAt };
    if (boxes === undefined) this.#drawLive(mode);
    else {
      this.#view.boxes.show([{ detections: boxes, opacity: 1 }]);
      this.#view.tellLateness(undefined);
    }
    if (!this.#fresh) {
      this.#fresh = true;
      this.render();
    }
    this.#host.onFrame(frame);
  }

  #onResult(result: DetectionResult, mode: BoxMode): void {
    this.#liveBoxes.found(result, this.#frame?.capturedAt);
    if (mode === 'live') this.#drawLive(mode);
    this.#host.onResult(result);
  }

  /** At once, over whatever picture is there. */
  #drawLive(mode: BoxMode): void {
    const shownAt = this.#frame?.capturedAt;
    if (mode === 'off' || shownAt === undefined) return;
    this.#view.boxes.show(this.#liveBoxes.drawn(shownAt));
    this.#view.tellLateness(this.#liveBoxes.lateness(shownAt));
  }

  #dropBoxes(): void {
    this.#liveBoxes.clear();
    this.#view.boxes.show([]);
    this.#view.tellLateness(undefined);
  }

  #become(status: PlayerStatus): void {
    const before = this.#status;
    this.#status = status;
    if (status.state !== 'live' && this.#mjpeg === undefined) this.#fresh = false;
    this.render();
    if (JSON.stringify(before) !== JSON.stringify(status)) this.#host.onStatus(status);
  }
}
