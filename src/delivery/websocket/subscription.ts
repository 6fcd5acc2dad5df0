import type { CameraStatus } from '../../api/camera-status.ts';
import { FRAME_CREDIT } from '../../api/socket-messages.ts';
import type { FramehubError } from '../../errors.ts';
import type { Frame } from '../../frame.ts';
import type { Channel } from '../../hub/channel.ts';
import type { FrameSink, Reader, ReaderIdentity } from '../../hub/reader.ts';

export interface SubscriptionOutput {
  /** Sends the frame. @returns the bytes sent */
  frame(frame: Frame): number;
  status(channel: Channel, status: CameraStatus): void;
  gone(camera: string, reason: FramehubError): void;
}

/** One camera on one WebSocket: never more than two frames on their way, newest first. */
export class Subscription implements FrameSink {
  #channel: Channel;
  readonly #output: SubscriptionOutput;
  readonly #reader: Reader;
  #lastSeq = 0;
  readonly #inFlight: { readonly frame: Frame; readonly bytes: number }[] = [];

  /** @param variant the form, for the reader's report; empty: as the camera gives them */
  constructor(
    channel: Channel,
    variant: string,
    identity: ReaderIdentity,
    output: SubscriptionOutput,
  ) {
    this.#channel = channel;
    this.#output = output;
    // First what it is doing now: reading it may change that at once.
    output.status(channel, channel.status);
    this.#reader = channel.read(identity, this);
    this.#reader.describe({ variant });
    this.#reader.pull();
  }

  /** Goes over to another form of the same camera. */
  change(channel: Channel, variant: string): void {
    this.#channel = channel;
    this.#reader.moveTo(channel);
    this.#reader.describe({ variant });
    if (this.#inFlight.length < FRAME_CREDIT) this.#reader.pull();
  }

  deliver(frame: Frame): void {
    // Another form of a picture that was sent already.
    if (frame.seq <= this.#lastSeq) {
      this.#reader.pull();
      return;
    }
    this.#lastSeq = frame.seq;
    this.#inFlight.push({ frame, bytes: this.#output.frame(frame) });
    if (this.#inFlight.length < FRAME_CREDIT) this.#reader.pull();
  }

  statusChanged(status: CameraStatus): void {
    this.#output.status(this.#channel, status);
  }

  ended(reason: FramehubError): void {
    this.#output.gone(this.#channel.camera, reason);
  }

  /** The viewer is done with `seq` and all before it. */
  acknowledge(seq: number): void {
    let taken = false;
    for (
      let first = this.#inFlight[0];
      first && first.frame.seq <= seq;
      first = this.#inFlight[0]
    ) {
      this.#inFlight.shift();
      this.#reader.delivered(first.frame, first.bytes);
      taken = true;
    }
    if (taken) this.#reader.pull();
  }

  close(): void {
    this.#reader.close();
  }
}
