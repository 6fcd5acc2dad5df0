import type { DetectSettings } from '../settings/detect.ts';
import type { WebhookSettings } from '../settings/webhook.ts';
import type { CameraTimes } from '../settings.ts';
import type { Values } from './fields.ts';

/** A camera as one place writes it. */
export interface CameraEntry {
  /** Undefined: derived from the source. */
  readonly id: string | undefined;
  readonly source: string;
  readonly name?: string;
  readonly times?: Partial<CameraTimes>;
  readonly detect?: DetectSettings;
  readonly record?: boolean;
}

/** What one place says: the file, the environment or the command line. */
export interface Layer {
  readonly values: Partial<Values>;
  readonly cameras: readonly CameraEntry[];
  readonly webhooks?: readonly WebhookSettings[];
}

/** Throws a FramehubError when `text` is no source. */
export type CheckSource = (text: string) => void;

export const idRule = '1 to 64 letters, digits, "-" and "_", beginning with a letter or digit';
