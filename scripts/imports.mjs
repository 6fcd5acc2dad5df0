/**
 * Who may import whom. Arrows point towards `frame`: sources, the hub and the ways out do not know
 * each other, so that each can be read, tested and replaced alone.
 *
 * A part is a file of `src/` (`frame`), a folder (`hub`), or each of many folders (`source/*`, which
 * never import each other). A breach, and a row that nothing needs, fails `npm run verify`.
 */
export const parts = {
  frame: { may: [], why: 'it is what everything else is made of' },
  errors: { may: [], why: 'anything may throw, so it depends on nothing' },
  log: { may: [], why: 'anything may log, so it depends on nothing' },
  version: { may: [], why: 'it only reads package.json' },
  source: { may: ['frame'], why: 'it is the contract of all sources' },
  settings: { may: ['frame'], why: 'it is values and their defaults only' },
  api: { may: [], why: 'the web app shares it, so it must run in a browser and know no server' },
  media: { may: ['errors'], why: 'it knows formats and programs, and nothing of framehub' },
  hub: {
    may: ['frame', 'api', 'errors', 'log'],
    why: 'it shares frames, whatever brings or takes them',
  },
  'camera/backoff': { may: [], why: 'it only says how long to wait' },
  camera: {
    may: ['camera/backoff', 'frame', 'errors', 'log', 'source', 'settings', 'api', 'media', 'hub'],
    why: 'it runs any source through the contract, and knows none of them',
  },
  'source/*': {
    may: ['source', 'source/query', 'errors', 'media'],
    why: 'a source stands alone behind its contract; what two of them share is media',
  },
  'source/query': { may: ['errors'], why: 'it reads the options that follow the "?" of a source' },
  sources: {
    may: ['source', 'source/*', 'errors', 'media'],
    why: 'it is the table of all sources',
  },
  detector: {
    may: ['frame', 'errors', 'settings', 'api'],
    why: 'it is the contract of all detectors',
  },
  'detection/detectors': {
    may: ['detector', 'frame', 'errors', 'settings', 'api', 'media'],
    why: 'a detector stands alone behind its contract, and does not know who runs it',
  },
  detection: {
    may: [
      ...['detector', 'detection/detectors', 'frame', 'errors', 'log', 'settings', 'api', 'media'],
      ...['hub', 'camera/backoff', 'variant/thinner', 'detection/results'],
      'detection/result-queue',
    ],
    why: 'it is a reader of the hub that runs any detector through the contract',
  },
  'detection/results': { may: ['api'], why: 'it shares results, whoever brings or takes them' },
  'detection/result-queue': { may: ['api'], why: 'it only bounds what waits' },
  'variant/thinner': { may: [], why: 'it only counts' },
  variant: {
    may: [
      ...['variant/thinner', 'frame', 'errors', 'log', 'api', 'media', 'hub', 'detection/results'],
    ],
    why: 'it is a reader of the hub whose frames others read',
  },
  'delivery/*': {
    may: [
      ...['frame', 'errors', 'log', 'api', 'media', 'hub', 'variant'],
      ...['detection/results', 'detection/result-queue'],
    ],
    why: 'a way out takes frames from the hub, or results; what two of them share is media or hub',
  },
  events: {
    may: ['frame', 'errors', 'log', 'api', 'hub', 'detection/results'],
    why: 'it keeps what results say, whoever brings or reads them',
  },
  webhooks: {
    may: ['log', 'settings', 'api', 'media', 'hub'],
    why: 'it passes on what it is told, and knows nobody who tells it',
  },
  http: {
    may: [
      'frame',
      'errors',
      'log',
      'settings',
      'source',
      'api',
      'media',
      'camera',
      'hub',
      'variant',
      'delivery/*',
      'detection',
      'events',
      'webhooks',
    ],
    why: 'it maps requests to the parts; it is built and given everything by main',
  },
  config: {
    may: ['errors', 'settings', 'media'],
    why: 'it reads settings and starts nothing',
  },
  framehub: {
    may: [
      ...['frame', 'errors', 'log', 'version', 'settings', 'source', 'sources', 'source/*', 'api'],
      ...['camera', 'hub', 'media', 'variant', 'delivery/*', 'http', 'detector', 'detection'],
      ...['events', 'webhooks'],
    ],
    why: 'it builds the parts and wires them',
  },
  main: { may: ['framehub', 'log', 'settings', 'http'], why: 'it runs a server' },
  index: {
    may: [
      ...['framehub', 'frame', 'errors', 'log', 'settings', 'source', 'source/*', 'api'],
      ...['detector', 'detection', 'delivery/*'],
    ],
    why: 'it is what the npm package exports',
  },
  cli: {
    may: [
      'main',
      'errors',
      'version',
      'config',
      'settings',
      'source',
      'sources',
      'source/*',
      'api',
      'media',
    ],
    why: 'it is the command',
  },
  web: { may: ['api'], why: 'the browser knows the server by its wire types only' },
};

/** npm packages have a home, so that replacing one touches one place. */
export const packages = {
  fastify: { in: ['http'], why: 'only http/ knows the web framework' },
  '@fastify/static': { in: ['http'], why: 'only http/ knows the web framework' },
  '@fastify/swagger': { in: ['http'], why: 'only http/ knows the web framework' },
  '@fastify/type-provider-typebox': { in: ['http'], why: 'only http/ knows the web framework' },
  ws: { in: ['delivery/websocket'], why: 'one WebSocket endpoint serves everything' },
  sharp: {
    in: ['media', 'source/test'],
    why: 'a picture is passed on as it is, only ours are drawn',
  },
  libsql: { in: ['events'], why: 'only events are kept in a database' },
  typebox: { in: ['api', 'http'], why: 'schemas describe what comes from outside' },
  yaml: { in: ['config'], why: 'only the config file is YAML' },
  pino: { in: ['log', 'main', 'index'], why: 'everything else takes the Log it is given' },
  'pino-pretty': { in: ['main'], why: 'everything else takes the Log it is given' },
  koffi: { in: ['media'], why: 'two system calls that Node.js lacks' },
  'onnxruntime-node': { in: ['detection/detectors'], why: 'only one detector runs models' },
  uqr: { in: ['cli'], why: 'only the command prints QR codes' },
};

/** Text that has a home too. */
export const words = {
  'process.env': { in: [], why: 'the command reads the environment once and hands it on' },
  'node:child_process': { in: ['media'], why: 'children are started and ended in one way' },
};
