import { describe, expect, it } from 'vitest';
import { bestChallenge, digestAuthorization, readChallenges } from './authorization.ts';

const login = { user: 'Mufasa', password: 'Circle of Life' };
const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const offered = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;

describe('answering a login challenge', () => {
  // RFC 7616 3.9.1
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('Digest with %s as in the example of the RFC', (algorithm, response) => {
    const challenge = bestChallenge(readChallenges([offered(algorithm)]));
    if (!challenge) throw new Error('expected a challenge');
    const answer = digestAuthorization(login, challenge, '/dir/index.html', 1, cnonce);
    expect(answer).toContain(`response="${response}"`);
    expect(answer).toContain('nc=00000001');
    expect(answer).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
  });

  // RFC 2617 3.5 without qop: the digest of RFC 2069.
  it('Digest of old cameras, without qop', () => {
    const [challenge] = readChallenges(['Digest realm="r", nonce="n"']);
    if (!challenge) throw new Error('expected a challenge');
    const answer = digestAuthorization({ user: 'u', password: 'p' }, challenge, '/', 1);
    // md5(md5(u:r:p):n:md5(GET:/))
    expect(answer).toContain('response="f23121ca97143c6b358da620220c83b4"');
    expect(answer).not.toContain('qop');
  });

  it('takes the strongest of several that share a header', () => {
    const challenges = readChallenges([
      `Basic realm="a, b", ${offered('MD5')}`,
      offered('SHA-256'),
    ]);
    expect(challenges.map(({ scheme }) => scheme)).toEqual(['basic', 'digest', 'digest']);
    expect(challenges[0]?.params.get('realm')).toBe('a, b');
    expect(bestChallenge(challenges)?.params.get('algorithm')).toBe('SHA-256');
  });

  it('leaves out what it cannot answer', () => {
    const basic = 'Basic realm="x"';
    const headers = ['NTLM', offered('SHA-512-256'), 'Digest realm="x", nonce="y", qop="auth-int"'];
    expect(bestChallenge(readChallenges(headers))).toBeUndefined();
    expect(bestChallenge(readChallenges([...headers, basic]))?.scheme).toBe('basic');
  });

  it('a quote in a user name does not end the field', () => {
    const [challenge] = readChallenges(['Digest realm="r", nonce="n"']);
    if (!challenge) throw new Error('expected a challenge');
    expect(digestAuthorization({ user: 'a"b\\', password: 'p' }, challenge, '/', 1)).toContain(
      'username="a\\"b\\\\"',
    );
  });
});
