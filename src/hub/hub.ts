import { FramehubError } from '../errors.ts';
import type { CameraId } from '../frame.ts';
import { Channel } from './channel.ts';

/** The cameras there are, as readers see them. */
export class Hub {
  readonly #channels = new Map<CameraId, Channel>();
  readonly #readerListeners = new Set<(channel: Channel) => void>();

  /** @throws CAMERA_EXISTS */
  open(camera: CameraId, name: string, onDemand: (readers: number) => void): Channel {
    if (this.#channels.has(camera)) {
      throw new FramehubError('CAMERA_EXISTS', `There is already a camera "${camera}".`);
    }
    const channel: Channel = new Channel(camera, name, (readers) => {
      onDemand(readers);
      for (const listener of this.#readerListeners) listener(channel);
    });
    this.#channels.set(camera, channel);
    return channel;
  }

  /** @throws CAMERA_NOT_FOUND */
  channel(camera: CameraId): Channel {
    const channel = this.#channels.get(camera);
    if (channel === undefined) {
      throw new FramehubError('CAMERA_NOT_FOUND', `There is no camera "${camera}".`);
    }
    return channel;
  }

  /** In the order they were added. */
  channels(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  /**
   * Tells whenever somebody begins or ends to read a camera.
   *
   * @returns a function that takes the listener back
   */
  onReaders(listener: (channel: Channel) => void): () => void {
    this.#readerListeners.add(listener);
    return () => this.#readerListeners.delete(listener);
  }

  /** Removes the camera and ends its readers with `reason`. */
  close(camera: CameraId, reason: FramehubError): void {
    const channel = this.#channels.get(camera);
    this.#channels.delete(camera);
    channel?.end(reason);
  }
}
