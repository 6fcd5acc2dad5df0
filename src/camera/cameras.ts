import { FramehubError } from '../errors.ts';
import type { CameraId } from '../frame.ts';
import type { Hub } from '../hub/hub.ts';
import { isCameraId } from '../settings.ts';
import { Camera, type CameraOptions } from './camera.ts';

/** The cameras of one server. */
export class Cameras {
  readonly #hub: Hub;
  readonly #limit: number;
  readonly #cameras = new Map<CameraId, Camera>();

  constructor(hub: Hub, limit: number) {
    this.#hub = hub;
    this.#limit = limit;
  }

  /** @throws CAMERA_EXISTS, CAMERA_ID_INVALID, TOO_MANY */
  add(options: CameraOptions): Camera {
    if (!isCameraId(options.id)) {
      throw new FramehubError(
        'CAMERA_ID_INVALID',
        `A camera id is 1 to 64 letters, digits, "-" and "_"; "${options.id.slice(0, 80)}" is not.`,
      );
    }
    if (this.#cameras.size >= this.#limit) {
      throw new FramehubError('TOO_MANY', `This server keeps at most ${this.#limit} cameras.`);
    }
    const camera = new Camera(this.#hub, options);
    this.#cameras.set(camera.id, camera);
    return camera;
  }

  /** @throws CAMERA_NOT_FOUND */
  get(id: CameraId): Camera {
    const camera = this.#cameras.get(id);
    if (camera === undefined) {
      throw new FramehubError('CAMERA_NOT_FOUND', `There is no camera "${id}".`);
    }
    return camera;
  }

  /** In the order they were added. */
  list(): readonly Camera[] {
    return [...this.#cameras.values()];
  }

  /** Ends its source and its readers. @throws CAMERA_NOT_FOUND */
  async remove(id: CameraId): Promise<void> {
    const camera = this.get(id);
    this.#cameras.delete(id);
    await camera.close(new FramehubError('CAMERA_NOT_FOUND', `The camera "${id}" was removed.`));
  }

  async close(): Promise<void> {
    const cameras = this.list();
    this.#cameras.clear();
    const reason = new FramehubError('SOURCE_ENDED', 'The server is stopping.');
    await Promise.all(cameras.map((camera) => camera.close(reason)));
  }
}
