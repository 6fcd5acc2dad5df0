import type { ClientMessage } from '../../api/socket-messages.ts';
import { FramehubError } from '../../errors.ts';

/** Cameras in one message: more than any wall shows. */
const MAX_CAMERAS = 256;

/** What a viewer sent, checked. @throws MESSAGE_INVALID */
export function parseMessage(text: string): ClientMessage {
  const value = parseJson(text);
  switch (value.type) {
    case 'subscribe':
      return {
        type: 'subscribe',
        cameras: cameraList(value.cameras),
        ...limit('width', value.width, 16_384),
        ...limit('quality', value.quality, 100),
        ...limit('fps', value.fps, 1_000),
        ...flag('detections', value.detections),
        ...flag('events', value.events),
      };
    case 'unsubscribe':
      return { type: 'unsubscribe', cameras: cameraList(value.cameras) };
    case 'ack':
      return {
        type: 'ack',
        camera: string('camera', value.camera),
        seq: integer('seq', value.seq),
      };
    case 'ping':
      return { type: 'ping', id: integer('id', value.id) };
    default:
      throw invalid('"type" as subscribe, unsubscribe, ack or ping', value.type);
  }
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Answered below, with what came.
  }
  throw invalid('a JSON object', text);
}

function cameraList(value: unknown): string[] {
  if (Array.isArray(value) && value.length <= MAX_CAMERAS) {
    return value.map((camera: unknown) => string('cameras', camera));
  }
  throw invalid(`"cameras" as a list of at most ${MAX_CAMERAS} camera ids`, value);
}

function limit(name: string, value: unknown, max: number): Record<string, number> {
  if (value === undefined) return {};
  if (typeof value === 'number' && value > 0 && value <= max) return { [name]: value };
  throw invalid(`"${name}" as a number above 0, at most ${max}`, value);
}

function flag(name: string, value: unknown): Record<string, boolean> {
  if (value === undefined) return {};
  if (typeof value === 'boolean') return { [name]: value };
  throw invalid(`"${name}" as true or false`, value);
}

function string(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalid(`"${name}" as a camera id`, value);
}

function integer(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw invalid(`"${name}" as a whole number`, value);
}

function invalid(expected: string, came: unknown): FramehubError {
  const shown = JSON.stringify(came) ?? 'nothing';
  return new FramehubError('MESSAGE_INVALID', `Expected ${expected}; got ${shown.slice(0, 80)}.`);
}
