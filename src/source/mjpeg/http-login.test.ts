import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure.ts';
import { demoPictures } from '../../../test/support/jpegs.ts';
import { startHttp, startHttps, type TestServer } from '../../../test/support/loopback-servers.ts';
import { take } from '../../source.contract.ts';
import { httpSource } from './http-source.ts';

const picture = demoPictures()[0];
const context = { camera: 'test', ffmpeg: 'ffmpeg', maxPictureBytes: 1 << 20 };
const open = (text: string) => httpSource.open(text, context);

const servers: TestServer[] = [];
async function serve(handler: RequestListener): Promise<TestServer> {
  const server = await startHttp(handler);
  servers.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const still: RequestListener = (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(picture);
};
const basic = `Basic ${Buffer.from('admin:p:ä@ss').toString('base64')}`;

/** Asks for Digest as a camera does, with nonces that may be used `uses` times. */
function digestCamera(hashName: 'md5' | 'sha256', uses: number) {
  const hash = (text: string) => createHash(hashName).update(text).digest('hex');
  const nonces = new Map<string, number>();
  let challenges = 0;
  const right = ({ headers, url = '' }: IncomingMessage): 'yes' | 'no' | 'stale' => {
    const given = headers.authorization ?? '';
    const field = (name: string) => new RegExp(`\\b${name}="?([^",]*)`).exec(given)?.[1] ?? '';
    const count = (nonces.get(field('nonce')) ?? uses) + 1;
    const expected = hash(
      [
        hash('admin:cam:p:ä@ss'),
        field('nonce'),
        field('nc'),
        field('cnonce'),
        'auth',
        hash(`GET:${url}`),
      ].join(':'),
    );
    if (field('uri') !== url || field('response') !== expected) return 'no';
    if (count > uses || Number.parseInt(field('nc'), 16) !== count) return 'stale';
    nonces.set(field('nonce'), count);
    return 'yes';
  };
  const handler: RequestListener = (request, response) => {
    const answer = right(request);
    if (answer === 'yes') return still(request, response);
    challenges += 1;
    const nonce = randomUUID();
    nonces.set(nonce, 0);
    const algorithm = hashName === 'md5' ? 'MD5' : 'SHA-256';
    const stale = answer === 'stale' ? ', stale=true' : '';
    response.setHeader('WWW-Authenticate', [
      `Digest realm="cam", qop="auth", algorithm=${algorithm}, nonce="${nonce}"${stale}`,
      'Basic realm="cam"',
    ]);
    response.writeHead(401).end('no');
  };
  return { handler, challenges: () => challenges };
}

describe('logging in at a camera', () => {
  const user = 'admin:p%3A%C3%A4%40ss';

  it('Basic, only after it was asked for, and from then on at once', async () => {
    const seen: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      seen.push(request.headers.authorization);
      if (request.headers.authorization === basic) return still(request, response);
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="cam"' }).end();
    });
    expect(await take(open(`http://${user}@${server.host}/#fps=30`), 3)).toHaveLength(3);
    expect(seen).toEqual([undefined, basic, basic, basic]);
  });

  it('a camera that says 401 and nothing else gets Basic', async () => {
    const server = await serve((request, response) => {
      if (request.headers.authorization === basic) return still(request, response);
      response.writeHead(401).end();
    });
    expect(await take(open(`http://${user}@${server.host}/`), 1)).toHaveLength(1);
  });

  it.each(['md5', 'sha256'] as const)(
    'Digest with %s, one nonce for many pictures',
    async (name) => {
      const camera = digestCamera(name, 1_000);
      const server = await serve(camera.handler);
      const source = open(`http://${user}@${server.host}/snap?a=1&b=2#fps=30`);
      expect(await take(source, 5)).toHaveLength(5);
      expect(camera.challenges()).toBe(1);
    },
  );

  it('Digest goes on with a new nonce when the old one is used up', async () => {
    const camera = digestCamera('md5', 2);
    const server = await serve(camera.handler);
    expect(await take(open(`http://${user}@${server.host}/#fps=30`), 5)).toHaveLength(5);
    expect(camera.challenges()).toBe(3);
  });

  it.each([
    ['without a user', '', 'asks for a user and a password'],
    ['with a wrong password', 'admin:wr0ng@', 'did not accept the user "admin"'],
  ])(
    '%s it is an error that says so, after no more than two requests',
    async (_name, login, said) => {
      const camera = digestCamera('md5', 9);
      const server = await serve(camera.handler);
      const { error } = await failureOf(open(`http://${login}${server.host}/`));
      expect(error.code).toBe('SOURCE_UNAUTHORIZED');
      expect(error.message).toContain(said);
      expect(error.message).not.toContain('wr0ng');
      expect(camera.challenges()).toBeLessThanOrEqual(2);
    },
  );

  it('a login it cannot do is named', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(401, { 'WWW-Authenticate': 'NTLM' }).end();
    });
    const { error } = await failureOf(open(`http://${user}@${server.host}/`));
    expect(error.help).toContain('NTLM');
  });
});

describe('redirects', () => {
  it('are followed, with the login, as long as they stay at the camera', async () => {
    const server = await serve((request, response) => {
      if (request.url !== '/there?x=1') {
        response.writeHead(302, { Location: '/there?x=1' }).end();
      } else if (request.headers.authorization === basic) still(request, response);
      else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="cam"' }).end();
    });
    const source = open(`http://admin:p%3A%C3%A4%40ss@${server.host}/here`);
    expect(await take(source, 1)).toHaveLength(1);
  });

  it('user and password are never sent to another origin', async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="cam"' }).end();
    });
    const server = await serve((request, response) => {
      if (!request.headers.authorization) {
        response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="cam"' }).end();
      } else {
        response.writeHead(307, { Location: `http://admin:p@${other.host}/` }).end();
      }
    });
    const { error } = await failureOf(open(`http://admin:p@${server.host}/`));
    expect(error.code).toBe('SOURCE_UNAUTHORIZED');
    expect(seen).toEqual([undefined]);
  });

  it('three are followed, a fourth is an error', async () => {
    let asked = 0;
    const server = await serve((request, response) => {
      asked += 1;
      if (request.url === '/0') return still(request, response);
      const left = Number(request.url?.slice(1)) - 1;
      response.writeHead(301, { Location: left < 0 ? '/-1' : `/${left}` }).end();
    });
    expect(await take(open(`http://${server.host}/3`), 1)).toHaveLength(1);
    asked = 0;
    const { error } = await failureOf(open(`http://${server.host}/-1`));
    expect(error.code).toBe('SOURCE_HTTP_STATUS');
    expect(asked).toBe(4);
  });

  it('elsewhere than HTTP are not followed', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(302, { Location: 'file:///etc/passwd' }).end();
    });
    const { error } = await failureOf(open(`http://${server.host}/`));
    expect(error.code).toBe('SOURCE_HTTP_STATUS');
  });
});

describe('TLS', () => {
  const file = (name: string) =>
    readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
  const identity = { key: file('self-signed.key.pem'), cert: file('self-signed.cert.pem') };

  it('a certificate nobody vouches for is refused with the way out, which works', async () => {
    const server = await startHttps(identity, still);
    servers.push(server);
    const { error } = await failureOf(open(`https://${server.host}/`));
    expect(error.code).toBe('SOURCE_FAILED');
    expect(error.message).toContain('certificate');
    expect(error.help).toContain('#insecure=true');
    expect(await take(open(`https://${server.host}/#insecure=true`), 1)).toHaveLength(1);
  });

  it('a camera that speaks no TLS is told apart', async () => {
    const server = await serve(still);
    const { error } = await failureOf(open(`https://${server.host}/`));
    expect(error.help).toContain('http://');
  });
});
