import { FramehubError } from '../errors.ts';

/** What a source check says, as one line of a list of faults. Anything but a FramehubError is our own bug. */
export function describeThrown(thrown: unknown): string {
  if (thrown instanceof FramehubError) return thrown.message.replace(/\.$/, '');
  throw thrown;
}
