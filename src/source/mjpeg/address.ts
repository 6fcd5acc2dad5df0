import { FramehubError } from '../../errors.ts';
import { redactUrl } from '../../media/redact.ts';
import { SourceQuery } from '../query.ts';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Where the pictures are and how they are asked for. */
export interface Address {
  /** Without user, password and fragment. */
  readonly url: URL;
  readonly login: Login | undefined;
  /** As written, secrets redacted. */
  readonly label: string;
  /** Pictures a second asked for where single ones are given: 0.01 to 30, default 1. */
  readonly fps: number;
  /** Takes any TLS certificate. Default false. */
  readonly insecure: boolean;
  /** How long connecting and answering may take, ms. Default 10 s. */
  readonly timeout: number;
}

/**
 * Reads `http(s)://user:password@host/path#fps=1&insecure=true&timeout=10`. The fragment never
 * reaches the camera, so it holds what is meant for us.
 *
 * @throws SOURCE_INVALID
 */
export function readAddress(text: string): Address {
  const label = redactUrl(text.trim());
  try {
    const url = new URL(text.trim());
    const options = new SourceQuery('http', url.hash.slice(1), ['fps', 'insecure', 'timeout']);
    const user = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    if (/\p{Cc}/u.test(user + password)) throw new Error('control characters');
    url.username = '';
    url.password = '';
    url.hash = '';
    return {
      url,
      login: user === '' && password === '' ? undefined : { user, password },
      label,
      fps: options.number('fps', { min: 0.01, max: 30 }) ?? 1,
      insecure: options.choice('insecure', ['true', 'false']) === 'true',
      timeout: 1000 * (options.number('timeout', { min: 0.1, max: 60 }) ?? 10),
    };
  } catch (thrown) {
    if (thrown instanceof FramehubError) throw thrown;
    // The parser's own message quotes the text, password included.
    throw new FramehubError('SOURCE_INVALID', `"${label}" is not an address that can be read.`, {
      help: 'Write it as http://user:password@host:port/path, with special characters of the password as %XX ("#" is %23, "/" is %2F, "%" is %25).',
    });
  }
}
