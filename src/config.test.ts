import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type Command, readConfig } from './config.ts';
import { FramehubError } from './errors.ts';
import { defaultSettings, type Settings } from './settings.ts';

const cwd = await mkdtemp(join(tmpdir(), 'framehub-config-'));

afterAll(() => rm(cwd, { recursive: true }));
afterEach(() => rm(join(cwd, 'framehub.yaml'), { force: true }));

interface Given {
  readonly argv?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly yaml?: string;
}

/** Takes every source but those that begin with "bad" and those that are one word. */
function checkSource(text: string): void {
  if (/^bad|^\w+$/.test(text)) throw new FramehubError('SOURCE_INVALID', `"${text}" is no source.`);
}

async function read({ argv = [], env = {}, yaml }: Given): Promise<Command> {
  if (yaml !== undefined) await writeFile(join(cwd, 'framehub.yaml'), yaml);
  return await readConfig({ argv, env, cwd, checkSource });
}

async function settingsOf(given: Given): Promise<Settings> {
  const command = await read(given);
  if (command.command !== 'serve') throw new Error(`expected serve, got ${command.command}`);
  return command.settings;
}

async function failure(given: Given): Promise<{ code: string; lines: string[] }> {
  try {
    await read(given);
  } catch (thrown) {
    if (!(thrown instanceof FramehubError)) throw thrown;
    return { code: thrown.code, lines: thrown.message.split('\n') };
  }
  throw new Error('expected a failure');
}

describe('with nothing given', () => {
  test('the settings are the default ones and the camera is the demo', async () => {
    const { cameras, ...settings } = await settingsOf({});
    const { cameras: _, ...defaults } = defaultSettings;
    expect(settings).toEqual(defaults);
    expect(cameras).toEqual([
      {
        id: 'demo',
        name: 'demo',
        source: 'demo:',
        detect: { detector: 'auto' },
        idleTimeout: 10_000,
        stallTimeout: 5_000,
        startTimeout: 20_000,
      },
    ]);
  });

  test('the demo camera keeps to the times that were given', async () => {
    const { cameras } = await settingsOf({ argv: ['--idle-timeout', '0'] });
    expect(cameras).toMatchObject([{ id: 'demo', idleTimeout: 0 }]);
  });
});

describe('where a setting comes from', () => {
  const yaml = 'port: 1\nlogLevel: error\nhost: 10.0.0.1\n';

  test('the file is read', async () => {
    expect(await settingsOf({ yaml })).toMatchObject({ port: 1, logLevel: 'error' });
  });

  test('a variable wins over the file', async () => {
    const env = { FRAMEHUB_PORT: '2', FRAMEHUB_LOG_LEVEL: 'debug' };
    expect(await settingsOf({ yaml, env })).toMatchObject({
      port: 2,
      logLevel: 'debug',
      host: '10.0.0.1',
    });
  });

  test('a flag wins over a variable', async () => {
    const env = { FRAMEHUB_PORT: '2', FRAMEHUB_LOG_LEVEL: 'debug' };
    expect(await settingsOf({ yaml, env, argv: ['--port', '3'] })).toMatchObject({
      port: 3,
      logLevel: 'debug',
    });
  });

  test('of a flag given twice the last one counts', async () => {
    expect(await settingsOf({ argv: ['--port=3', '--port=4'] })).toMatchObject({ port: 4 });
  });

  test('an empty variable counts as not set', async () => {
    expect(await settingsOf({ yaml, env: { FRAMEHUB_PORT: '' } })).toMatchObject({ port: 1 });
  });

  test('--config names another file, and wins over FRAMEHUB_CONFIG', async () => {
    await writeFile(join(cwd, 'a.yaml'), 'port: 11');
    await writeFile(join(cwd, 'b.yaml'), 'port: 12');
    const env = { FRAMEHUB_CONFIG: 'a.yaml' };
    expect(await settingsOf({ yaml, env })).toMatchObject({ port: 11 });
    expect(await settingsOf({ yaml, env, argv: ['--config', 'b.yaml'] })).toMatchObject({
      port: 12,
    });
  });

  test('lists are separated by commas in variables and repeated as flags', async () => {
    const env = { FRAMEHUB_ALLOWED_HOSTS: 'a.example, b.example', FRAMEHUB_ALLOWED_ORIGINS: '*' };
    expect(await settingsOf({ env })).toMatchObject({
      allowedHosts: ['a.example', 'b.example'],
      allowedOrigins: ['*'],
    });
    const argv = ['--allowed-host', 'c.example', '--allowed-host=d.example'];
    expect(await settingsOf({ env, argv })).toMatchObject({
      allowedHosts: ['c.example', 'd.example'],
    });
    const inFile = 'allowedHosts: [e.example, f.example]\nallowedOrigins: https://g.example:8080\n';
    expect(await settingsOf({ yaml: inFile })).toMatchObject({
      allowedHosts: ['e.example', 'f.example'],
      allowedOrigins: ['https://g.example:8080'],
    });
  });

  test('the data folder starts at the working directory, or at home after "~/"', async () => {
    expect(await settingsOf({ yaml: 'dataDir: data' })).toMatchObject({
      dataDir: join(cwd, 'data'),
    });
    expect(await settingsOf({ yaml: 'dataDir: ~/x' })).toMatchObject({
      dataDir: join(homedir(), 'x'),
    });
  });

  test('times and sizes have units', async () => {
    const yaml = 'viewerTimeout: 1.5m\nmaxPictureBytes: 2MB\nidleTimeout: false\n';
    const { cameras, ...settings } = await settingsOf({ yaml });
    expect(settings).toMatchObject({ viewerTimeout: 90_000, maxPictureBytes: 2 * 1024 * 1024 });
    expect(cameras).toMatchObject([{ idleTimeout: false }]);
  });
});

describe('cameras', () => {
  const yaml = [
    'idleTimeout: 1m',
    'cameras:',
    '  front: webcam:0',
    '  back:',
    '    source: "test:"',
    '    name: Back door',
    '    idleTimeout: 0',
    '    stallTimeout: 500ms',
    '',
  ].join('\n');

  test('in a file are an id with a source, or with a map', async () => {
    const { cameras } = await settingsOf({ yaml });
    expect(cameras).toEqual([
      {
        id: 'front',
        name: 'front',
        source: 'webcam:0',
        idleTimeout: 60_000,
        stallTimeout: 5_000,
        startTimeout: 20_000,
      },
      {
        id: 'back',
        name: 'Back door',
        source: 'test:',
        idleTimeout: 0,
        stallTimeout: 500,
        startTimeout: 20_000,
      },
    ]);
  });

  test('of the environment and the command line are added to those of the file', async () => {
    const env = { FRAMEHUB_CAMERA_SIDE_1: 'http://10.0.0.6/mjpg' };
    const { cameras } = await settingsOf({ yaml, env, argv: ['clip.mp4'] });
    expect(cameras.map(({ id, source }) => `${id}=${source}`)).toEqual([
      'front=webcam:0',
      'back=test:',
      'side_1=http://10.0.0.6/mjpg',
      'clip=clip.mp4',
    ]);
  });

  test('given again with the same id get the new source and keep their name and times', async () => {
    const { cameras } = await settingsOf({ yaml, argv: ['back=push:'] });
    expect(cameras[1]).toMatchObject({
      id: 'back',
      source: 'push:',
      name: 'Back door',
      stallTimeout: 500,
    });
  });

  test('given without an id are not added again when the file has that source', async () => {
    const { cameras } = await settingsOf({ yaml, argv: ['webcam:0', 'webcam:1'] });
    expect(cameras.map(({ id }) => id)).toEqual(['front', 'back', 'webcam-1']);
  });

  test('given without an id never take the id of another one', async () => {
    const { cameras } = await settingsOf({ argv: ['clip.mp4', 'other/clip.mp4', 'clip=demo:'] });
    expect(cameras.map(({ id, source }) => `${id}=${source}`)).toEqual([
      'clip-2=clip.mp4',
      'clip-3=other/clip.mp4',
      'clip=demo:',
    ]);
  });

  test('have an id only in front of a "=" that is not part of the source', async () => {
    const argv = ['http://h/x?a=b', './a=b.mp4', 'clip.mp4#fps=5', 'c=d.mp4#fps=5'];
    const { cameras } = await settingsOf({ argv });
    expect(cameras.map(({ id, source }) => `${id} ${source}`)).toEqual([
      'h http://h/x?a=b',
      'a-b ./a=b.mp4',
      'clip clip.mp4#fps=5',
      'c d.mp4#fps=5',
    ]);
  });

  test('keep a key that looks like a number as it is written', async () => {
    const { cameras } = await settingsOf({ yaml: 'cameras:\n  007: webcam:7\n' });
    expect(cameras).toMatchObject([{ id: '007', source: 'webcam:7' }]);
  });

  test('may share a map through an anchor', async () => {
    const shared = 'cameras:\n  a: &same {source: "test:", stallTimeout: 1s}\n  b: *same\n';
    const { cameras } = await settingsOf({ yaml: shared });
    expect(cameras).toMatchObject([
      { id: 'a', stallTimeout: 1_000 },
      { id: 'b', stallTimeout: 1_000 },
    ]);
  });

  test('are none while their lines are commented out: the demo is shown', async () => {
    const { cameras } = await settingsOf({ yaml: 'cameras:\n#  front: webcam:0\n' });
    expect(cameras).toMatchObject([{ id: 'demo' }]);
  });
});

describe('a wrong file', () => {
  test.each([
    ['port: 80x', '1:7: port: expected a whole number from 0 to 65535, got "80x"'],
    ['host:', '1:6: host: expected a host name or address of this machine, got nothing'],
    ['# x\n\nprot: 80', '3:1: there is no setting "prot"; did you mean "port"?'],
    ['max-viewers: 80', '1:1: there is no setting "max-viewers"; did you mean "maxViewers"?'],
    ['zzzzzz: 80', '1:1: there is no setting "zzzzzz"'],
    ['auth: never', '1:7: auth: expected auto, token or none, got "never"'],
    ['port: 1\nport: 2', '2:1: the setting "port" is given twice, first at framehub.yaml:1:1'],
    [
      'idleTimeout: 10',
      '1:14: idleTimeout: expected a time up to 24h, such as 10s, or 0 (at once) or false (never), got 10; it has no unit: write 10s for seconds or 10ms for milliseconds',
    ],
    ['stallTimeout: 0', '1:15: stallTimeout: expected a time from 200ms to 1h, such as 10s, got 0'],
    [
      'maxPictureBytes: 5000000MB',
      '1:18: maxPictureBytes: expected a size from 64KB to 256MB, such as 16MB, got "5000000MB"',
    ],
    [
      'allowedHosts: [a.example, "b.example:80"]',
      '1:15: allowedHosts: expected host names without scheme and port, such as cam.example.org, got "b.example:80"',
    ],
    [
      'allowedOrigins: https://a.example/',
      '1:17: allowedOrigins: expected * or origins in lower case and without a path, such as https://example.org, got "https://a.example/"',
    ],
    ['- a\n- b', '1:1: expected "setting: value" lines, got a list'],
    [
      'cameras:\n  - webcam:0',
      '2:3: cameras: expected lines of an id and a source, such as "front: webcam:0", got a list',
    ],
    ['cameras:\n  front: bad:x', '2:10: "bad:x" is no source'],
    ['cameras:\n  front: 0', '2:10: expected a source such as webcam:0, got 0'],
    [
      'cameras:\n  front door: webcam:0',
      '2:3: expected a camera id (1 to 64 letters, digits, "-" and "_", beginning with a letter or digit), got "front door"',
    ],
    [
      'cameras:\n  a: webcam:0\n  a: webcam:1',
      '3:3: the camera "a" is given twice, first at framehub.yaml:2:3',
    ],
    ['cameras:\n  a:\n    name: A', '2:3: the camera "a" has no "source"'],
    [
      'cameras:\n  a: {source: webcam:0, naem: A}',
      '2:25: a camera has no "naem"; did you mean "name"?',
    ],
    [
      'cameras:\n  a: {source: webcam:0, name: 5}',
      '2:31: name: expected a name of at most 200 letters, got 5; put it in quotes',
    ],
    ['cameras:\n  a: {source: webcam:0, toString: A}', '2:25: a camera has no "toString"'],
    ['constructor: 1', '1:1: there is no setting "constructor"'],
    ['port: 1\n\thost: x', '2:1: expected spaces in front of a line, got a tab'],
    [
      'cameras:\n  porch: push:',
      '2:10: a value that ends with ":" must be in quotes, such as "demo:"',
    ],
    [
      'cameras:\n  a: {source: demo:}',
      '2:15: a value that ends with ":" must be in quotes, such as "demo:"',
    ],
    [
      'port: 1\n  host: x',
      '1:7: expected one "key: value" on this line, got a second ":" or deeper lines',
    ],
    ['host: "x', '1:9: a closing quote, a bracket, a comma or the space after ":" is missing'],
    ['host: *x', '1:7: a value that begins with "*" or "&" must be in quotes'],
    [
      'viewerToken: !secret abc',
      '1:14: a value that begins with "!" must be in quotes; tags are not supported',
    ],
    ['port: 1\n---\nport: 2', '2:1: expected one document, got a second one after "---"'],
  ])('%j is told with its place', async (yaml, line) => {
    expect(await failure({ yaml })).toEqual({
      code: 'CONFIG_INVALID',
      lines: [`framehub.yaml:${line}`],
    });
  });

  test('is told all its faults at once, in their order, with those of the environment', async () => {
    const yaml = 'prot: 1\nhost: a b\ncameras:\n  a: bad:1\n  b:\n    source: bad:2\n';
    const env = { FRAMEHUB_PORT: 'x', FRAMEHUB_CAMERA_C: 'bad:3', 'FRAMEHUB_CAMERA_-': 'demo:' };
    const { code, lines } = await failure({ yaml, env });
    expect(code).toBe('CONFIG_INVALID');
    expect(lines.map((line) => line.split(': ', 1)[0])).toEqual([
      'FRAMEHUB_PORT',
      'FRAMEHUB_CAMERA_C',
      'FRAMEHUB_CAMERA_-',
      'framehub.yaml:1:1',
      'framehub.yaml:2:7',
      'framehub.yaml:4:6',
      'framehub.yaml:6:13',
    ]);
  });

  test.each([
    'adminToken: hunter2',
    'adminToken: *hunter2',
    'adminToken: !hunter2 x',
    'adminToken: "hunter2',
    'adminToken: @hunter2',
    'cameras: rtsp://u:hunter2@10.0.0.5/',
    'cameras:\n  rtsp://u:hunter2@10.0.0.5/: x',
    'host: "x" hunter2',
    'hunter2',
  ])('%j is told without its secret', async (yaml) => {
    const { lines } = await failure({ yaml });
    expect(lines.join('\n')).not.toContain('hunter2');
  });

  test('that was asked for and is not there is a fault', async () => {
    expect(await failure({ argv: ['--config', 'none.yaml'] })).toEqual({
      code: 'CONFIG_INVALID',
      lines: ['none.yaml: expected a config file, but there is no such file'],
    });
    expect(await failure({ env: { FRAMEHUB_CONFIG: '.' } })).toEqual({
      code: 'CONFIG_INVALID',
      lines: ['.: expected a config file, but it is a folder'],
    });
  });

  test('of more than a megabyte is not taken for a config file', async () => {
    await writeFile(join(cwd, 'video.mp4'), Buffer.alloc(1024 * 1024 + 1));
    expect(await failure({ argv: ['--config', 'video.mp4'] })).toEqual({
      code: 'CONFIG_INVALID',
      lines: ['video.mp4: expected a config file, but it is larger than 1 MB'],
    });
  });

  test('with more cameras than the limit, or the same token twice, is refused', async () => {
    const token = 'a'.repeat(16);
    const yaml = `adminToken: ${token}\nviewerToken: ${token}\nmaxCameras: 1\ncameras: {a: webcam:0, b: webcam:1}`;
    expect(await failure({ yaml })).toEqual({
      code: 'CONFIG_INVALID',
      lines: [
        'viewerToken: expected another token than "adminToken", got the same',
        'cameras: expected at most 1 ("maxCameras"), got 2',
      ],
    });
  });
});

describe('the environment', () => {
  test('warns of a variable that looks like ours and is not', async () => {
    const env = { FRAMEHUB_PROT: '1', FRAMEHUB_XYZ: '1', OTHER: '1' };
    expect(await read({ env })).toMatchObject({
      warnings: [
        'FRAMEHUB_PROT: there is no such variable; did you mean FRAMEHUB_PORT?',
        'FRAMEHUB_XYZ: there is no such variable',
      ],
    });
  });

  test('explains the FRAMEHUB_PORT that Kubernetes sets', async () => {
    const { lines } = await failure({ env: { FRAMEHUB_PORT: 'tcp://10.0.0.1:80' } });
    expect(lines).toEqual([expect.stringContaining('enableServiceLinks')]);
  });
});

describe('a wrong command line', () => {
  test.each([
    [['--prot', '80'], '--prot: there is no such option; did you mean --port?'],
    [['-x'], '-x: there is no such option'],
    [['--port', 'x'], '--port: expected a whole number from 0 to 65535, got "x"'],
    [['--port'], '--port: expected a whole number from 0 to 65535 after it'],
    [['--config', '--port=1'], '--config: expected a path after it'],
    [['--port='], '--port: expected a whole number from 0 to 65535, got nothing'],
    [
      ['--admin-token', 'hunter2'],
      '--admin-token: there is no such option: every user of this machine could read it; use FRAMEHUB_ADMIN_TOKEN or framehub.yaml',
    ],
    [['devcies'], 'source 1: "devcies" is neither a command nor a source; did you mean "devices"?'],
    [['bad:x'], 'source 1: "bad:x" is no source'],
    [['demo:', 'a=bad:x'], 'source 2: "bad:x" is no source'],
    [['a=demo:', 'a=webcam:0'], 'source 2: the id "a" is given twice'],
    [
      ['a.b=demo:'],
      'source 1: expected 1 to 64 letters, digits, "-" and "_", beginning with a letter or digit before the "=", got "a.b"',
    ],
    [['probe'], 'probe: expected one source after it ("framehub probe <source>"), got none'],
    [['probe', 'a', 'b'], 'probe: expected one source after it ("framehub probe <source>"), got 2'],
    [['devices', 'a'], 'devices: expected nothing after it ("framehub devices"), got 1'],
    [['probe', 'bad:x'], 'probe: "bad:x" is no source'],
  ])('%j is told what was expected', async (argv, line) => {
    expect(await failure({ argv })).toEqual({ code: 'USAGE_INVALID', lines: [line] });
  });

  test('is told all its faults at once', async () => {
    const { lines } = await failure({ argv: ['--prot', '80', '--port', '70000', '--host'] });
    expect(lines.map((line) => line.split(':', 1)[0])).toEqual(['--prot', '--host', '--port']);
  });

  test('is answered before a wrong file is', async () => {
    expect(await failure({ yaml: 'x', argv: ['--prot'] })).toMatchObject({ code: 'USAGE_INVALID' });
  });
});

describe('the other commands', () => {
  test.each([[['--help']], [['-h']], [['help']], [['probe', '-h']]])(
    '%j shows the help and reads no file',
    async (argv) => {
      const text = expect.stringContaining('framehub probe');
      expect(await read({ argv, yaml: 'broken' })).toEqual({ command: 'help', text });
    },
  );

  test('-v asks for the version', async () => {
    expect(await read({ argv: ['-v'], yaml: 'broken' })).toEqual({ command: 'version' });
  });

  test('probe takes a source or the id of a configured camera, and reads the settings', async () => {
    const yaml = 'ffmpeg: /opt/ffmpeg\ncameras:\n  front: rtsp://10.0.0.5/a=b\n';
    const settings = { ffmpeg: '/opt/ffmpeg' };
    expect(await read({ argv: ['probe', 'webcam:0'], yaml })).toMatchObject({
      command: 'probe',
      source: 'webcam:0',
      settings,
    });
    expect(await read({ argv: ['probe', 'front'], yaml })).toMatchObject({
      source: 'rtsp://10.0.0.5/a=b',
    });
  });

  test('devices reads the settings', async () => {
    expect(await read({ argv: ['devices', '--ffmpeg', 'ff'] })).toMatchObject({
      command: 'devices',
      settings: { ffmpeg: 'ff' },
    });
  });
});
