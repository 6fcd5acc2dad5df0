const HIDDEN = '***';

/**
 * `scheme://user:password@`. A password may hold an unescaped "@" (the last one before the path
 * counts) or, where no "@" comes before the path, an unescaped "/"; a port is not a password.
 */
const userInfo = /([a-z][a-z0-9+.-]*:\/\/[^\s/:@[\]]*):(?:[^\s/]*|(?!\d{1,5}(?:[/?#\s]|$))\S*?)@/gi;

/** `name=value` as cameras write it in queries and FFmpeg in its options. */
const secretValue =
  /((?<![a-z0-9])(?:[a-z0-9_-]*(?:token|passwo?r?d|passphrase|secret|api_?key)|psw|pwd|pass|loginpas|auth|sig|signature|key)=)[^&\s#"'|]+/gi;

const authorization = /((?:proxy-)?authorization["']?:\s*(?:basic|digest|bearer)\s+)[^\s"'\\]+/gi;

/** A sentence, log line or command with every password and token in it replaced by `***`. */
export function redactSecrets(text: string): string {
  return text
    .replace(userInfo, `$1:${HIDDEN}@`)
    .replace(secretValue, `$1${HIDDEN}`)
    .replace(authorization, `$1${HIDDEN}`);
}

/** `scheme://user:password@` at the very beginning, where a password may hold spaces too. */
const leadingUserInfo = /^(\s*[a-z][a-z0-9+.-]*:\/\/[^\s/:@[\]]*):[^/]*@/i;

/** The address of one source as it may be shown: user name kept, password and tokens hidden. */
export function redactUrl(text: string): string {
  return redactSecrets(text.replace(leadingUserInfo, `$1:${HIDDEN}@`));
}
