import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { FramehubError } from '../../errors.ts';
import type { Address } from './address.ts';
import {
  basicAuthorization,
  bestChallenge,
  type Challenge,
  digestAuthorization,
  readChallenges,
} from './authorization.ts';
import { connectionFailure, noAnswer, statusFailure } from './failure.ts';

const MAX_REDIRECTS = 3;
const redirects = [301, 302, 303, 307, 308];

/** Asks one address for its pictures, one request at a time: logs in, follows redirects. */
export class HttpClient {
  readonly #address: Address;
  readonly #agents: { readonly http: http.Agent; readonly https: https.Agent };
  #current: http.ClientRequest | undefined;
  #closed = false;
  /** What the server asked for last, and how often it was answered. */
  #challenge: Challenge | undefined;
  #uses = 0;

  constructor(address: Address) {
    this.#address = address;
    this.#agents = {
      http: new http.Agent({ keepAlive: true }),
      https: new https.Agent({ keepAlive: true, rejectUnauthorized: !address.insecure }),
    };
  }

  /**
   * A successful answer, its body not yet read.
   *
   * @throws FramehubError as `connectionFailure` and `statusFailure` say, and SOURCE_TIMEOUT
   */
  async get(): Promise<IncomingMessage> {
    let url = this.#address.url;
    for (let followed = 0; ; followed++) {
      const answer = await this.#ask(url);
      const to = redirects.includes(answer.statusCode ?? 0) ? answer.headers.location : undefined;
      if (to === undefined) {
        const failure = statusFailure(answer, {
          ...this.#address,
          // Elsewhere it was not used.
          login: this.#isOurs(url) ? this.#address.login : undefined,
        });
        if (failure === undefined) return answer;
        answer.destroy();
        throw failure;
      }
      answer.destroy();
      if (followed === MAX_REDIRECTS) {
        throw new FramehubError(
          'SOURCE_HTTP_STATUS',
          `${this.#address.label} redirects more than ${MAX_REDIRECTS} times.`,
        );
      }
      url = this.#redirected(to, url);
    }
  }

  /** Ends what is going on; whoever waits for it gets an error. */
  close(): void {
    this.#closed = true;
    this.#current?.destroy();
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  #isOurs(url: URL): boolean {
    return url.origin === this.#address.url.origin;
  }

  #redirected(location: string, from: URL): URL {
    const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
    if (to?.protocol !== 'http:' && to?.protocol !== 'https:') {
      throw new FramehubError(
        'SOURCE_HTTP_STATUS',
        `${this.#address.label} redirects to something that is no HTTP address.`,
      );
    }
    to.username = '';
    to.password = '';
    return to;
  }

  /** User and password go to the origin they were written for and to no other. */
  async #ask(url: URL): Promise<IncomingMessage> {
    const mayLogIn = this.#address.login !== undefined && this.#isOurs(url);
    for (let challenged = 0; ; challenged++) {
      const answer = await this.#send(url, mayLogIn ? this.#authorization(url) : undefined);
      if (answer.statusCode !== 401 || !mayLogIn) return answer;
      const offered = readChallenges(answer.headersDistinct['www-authenticate'] ?? []);
      // Some cameras say 401 and nothing else; they mean Basic.
      const best = bestChallenge(offered) ?? (offered.length === 0 ? basic : undefined);
      const stale = best?.params.get('stale')?.toLowerCase() === 'true';
      // A second 401 means a wrong password, unless it only says that the nonce is too old.
      if (!best || challenged > (stale ? 1 : 0)) return answer;
      answer.destroy();
      this.#challenge = best;
      this.#uses = 0;
    }
  }

  #authorization(url: URL): string | undefined {
    const { login } = this.#address;
    if (!login || !this.#challenge) return undefined;
    if (this.#challenge.scheme === 'basic') return basicAuthorization(login);
    this.#uses += 1;
    return digestAuthorization(login, this.#challenge, url.pathname + url.search, this.#uses);
  }

  #send(url: URL, authorization: string | undefined): Promise<IncomingMessage> {
    const { label, timeout } = this.#address;
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new FramehubError('SOURCE_ENDED', `${label} is being closed.`);
      const secure = url.protocol === 'https:';
      const request = (secure ? https : http).request(url, {
        agent: secure ? this.#agents.https : this.#agents.http,
        // Cameras write HTTP as freely as multipart, and no one shares this connection.
        insecureHTTPParser: true,
        headers: {
          Accept: 'multipart/x-mixed-replace, image/jpeg, */*;q=0.1',
          'Accept-Encoding': 'identity',
          'User-Agent': 'framehub',
          ...(authorization === undefined ? {} : { Authorization: authorization }),
        },
      });
      this.#current = request;
      const timer = setTimeout(() => {
        const message = `${label} did not answer within ${timeout / 1000} s.`;
        request.destroy(new FramehubError('SOURCE_TIMEOUT', message));
      }, timeout);
      let answered = false;
      request.once('response', (answer) => {
        answered = true;
        clearTimeout(timer);
        resolve(answer);
      });
      // Stays for the faults of an answer that is already being read; those reach its reader.
      request.on('error', (cause) => {
        // A kept connection may be closed by the camera just as it is used again: RFC 9110 9.2.2.
        const wasClosed = 'code' in cause && ['ECONNRESET', 'EPIPE'].includes(String(cause.code));
        if (request.reusedSocket && wasClosed && !this.#closed && !answered) {
          resolve(this.#send(url, authorization));
        } else {
          reject(connectionFailure(cause, this.#address));
        }
      });
      // An upgrade nobody asked for closes it without an error.
      request.once('close', () => {
        clearTimeout(timer);
        reject(noAnswer(label));
      });
      request.end();
    });
  }
}

const basic: Challenge = { scheme: 'basic', params: new Map() };
