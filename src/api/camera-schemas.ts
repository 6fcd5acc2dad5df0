import Type, { type Static } from 'typebox';

const ms = (description: string) => Type.Integer({ minimum: 0, maximum: 86_400_000, description });

const idleTimeout = Type.Union([ms('Milliseconds'), Type.Literal(false)], {
  description:
    'How long the camera runs on after its last reader left, ms; 0 stops at once, false never stops.',
});
const stallTimeout = Type.Integer({
  minimum: 200,
  maximum: 3_600_000,
  description: 'Silence after which a running source is ended and asked again, ms.',
});
const startTimeout = Type.Integer({
  minimum: 200,
  maximum: 3_600_000,
  description: 'How long the source may take to its first picture, ms.',
});
const name = Type.String({ minLength: 1, maxLength: 200, description: 'For people.' });
const source = Type.String({
  minLength: 1,
  maxLength: 4096,
  description: 'Where the pictures come from, such as rtsp://user:password@10.0.0.5/stream.',
});
const time = (description: string) =>
  Type.Number({ description: `${description}, ms since the epoch` });

const since = time('When this state began');
const reason = Type.String({ description: 'The state in words.' });
const code = Type.String({ description: 'See docs/reference/errors.md.' });

/** The same as CameraStatus, for the wire. */
const CameraStatusSchema = Type.Union([
  Type.Object({
    state: Type.Literal('off'),
    since,
    reason,
    stopped: Type.Boolean({ description: 'Someone stopped it; it stays off until it is started.' }),
  }),
  Type.Object({ state: Type.Literal('starting'), since, reason }),
  Type.Object({ state: Type.Literal('live'), since, reason }),
  Type.Object({ state: Type.Literal('stalled'), since, reason, code }),
  Type.Object({
    state: Type.Literal('retrying'),
    since,
    reason,
    code,
    help: Type.String({ description: 'What to do about it.' }),
    attempt: Type.Integer({ description: 'Failures in a row.' }),
    nextAttemptAt: time('When the source is asked again'),
  }),
]);

const ReaderSchema = Type.Object({
  id: Type.Integer({ description: 'Number of the reader among those of its camera.' }),
  kind: Type.String({ description: 'mjpeg, websocket, snapshot, library, …' }),
  address: Type.Optional(Type.String({ description: 'Network address; for admins only.' })),
  since: time('When it began to read'),
  frames: Type.Integer({ description: 'Frames it has taken.' }),
  bytes: Type.Integer({ description: 'Bytes it has taken.' }),
  fps: Type.Number({ description: 'Frames a second it takes, lately.' }),
  skipped: Type.Integer({ description: 'Frames it was not sent because newer ones were there.' }),
  age: Type.Optional(
    Type.Number({ description: 'Age of the last picture when it was delivered, ms.' }),
  ),
  variant: Type.Optional(
    Type.String({ description: 'In what form it gets the pictures; empty: as they are.' }),
  ),
  fit: Type.Optional(Type.String({ description: 'Why in this form, with quality=auto.' })),
  notSentLowat: Type.Optional(
    Type.Integer({ description: 'Unsent bytes the kernel takes for it, where that is set.' }),
  ),
});

const VariantSchema = Type.Object({
  label: Type.String(),
  annotated: Type.Optional(
    Type.Boolean({ description: 'With what was found in the pictures drawn over them.' }),
  ),
  width: Type.Optional(Type.Integer({ description: 'Widest picture, pixels.' })),
  quality: Type.Optional(Type.Integer({ description: 'JPEG quality.' })),
  fps: Type.Optional(Type.Number({ description: 'Most pictures a second.' })),
  encodes: Type.Integer({ description: 'Pictures encoded, once for all its readers.' }),
  skipped: Type.Integer({ description: 'Frames that passed while one was being encoded.' }),
  readers: Type.Integer(),
  bytes: Type.Optional(Type.Integer({ description: 'Size of its newest picture.' })),
});

/** The same as DetectorStatus, for the wire. */
const DetectorStatusSchema = Type.Union([
  Type.Object({ state: Type.Literal('off'), since, reason }),
  Type.Object({ state: Type.Literal('starting'), since, reason }),
  Type.Object({ state: Type.Literal('running'), since, reason }),
  Type.Object({
    state: Type.Literal('retrying'),
    since,
    reason,
    code,
    help: Type.String({ description: 'What to do about it.' }),
    attempt: Type.Integer({ description: 'Failures in a row.' }),
    nextAttemptAt: time('When it is given a frame again'),
  }),
]);

const DetectorSchema = Type.Object(
  {
    name: Type.String({ description: 'What looks at the frames.' }),
    status: DetectorStatusSchema,
    fps: Type.Number({ description: 'Results a second, lately.' }),
    results: Type.Integer({ description: 'Results since the camera was added.' }),
    skipped: Type.Integer({ description: 'Frames that passed while it was busy or not due.' }),
    inferenceMs: Type.Optional(Type.Number({ description: 'How long the last frame took, ms.' })),
  },
  { description: 'What looks at its frames, when something does.' },
);

const LastResultSchema = Type.Object(
  {
    seq: Type.Integer({ description: 'The frame it is of.' }),
    capturedAt: time('When that frame was captured'),
    detector: Type.String({ description: 'Who looked at it.' }),
    detections: Type.Integer({ description: 'How many things were found.' }),
  },
  {
    description: 'The newest result, from the detector or from elsewhere; absent before the first.',
  },
);

export const CameraSchema = Type.Object({
  id: Type.String(),
  name,
  kind: Type.String({ description: 'The kind of source.' }),
  source: Type.Optional(
    Type.String({ description: 'The source, its secrets redacted; for admins only.' }),
  ),
  status: CameraStatusSchema,
  seq: Type.Integer({ description: 'Number of the newest frame; 0 before the first.' }),
  width: Type.Optional(Type.Integer({ description: 'Pixels.' })),
  height: Type.Optional(Type.Integer({ description: 'Pixels.' })),
  fps: Type.Number({ description: 'Frames a second the camera gives, lately.' }),
  starts: Type.Integer({ description: 'How often its source was started.' }),
  rejected: Type.Integer({ description: 'Pictures left out because they were no whole JPEG.' }),
  idleTimeout,
  stallTimeout,
  startTimeout,
  detector: Type.Optional(DetectorSchema),
  lastResult: Type.Optional(LastResultSchema),
  variants: Type.Array(VariantSchema, { description: 'Forms in which it is watched now.' }),
  readers: Type.Array(ReaderSchema),
});
export type CameraInfo = Static<typeof CameraSchema>;

export const CameraListSchema = Type.Object({ cameras: Type.Array(CameraSchema) });

export const NewCameraSchema = Type.Object(
  {
    id: Type.String({ description: '1 to 64 letters, digits, "-" and "_".' }),
    source,
    name: Type.Optional(name),
    idleTimeout: Type.Optional(idleTimeout),
    stallTimeout: Type.Optional(stallTimeout),
    startTimeout: Type.Optional(startTimeout),
  },
  { additionalProperties: false },
);
export type NewCamera = Static<typeof NewCameraSchema>;

export const CameraChangeSchema = Type.Object(
  {
    source: Type.Optional(source),
    name: Type.Optional(name),
    idleTimeout: Type.Optional(idleTimeout),
    stallTimeout: Type.Optional(stallTimeout),
    startTimeout: Type.Optional(startTimeout),
  },
  { additionalProperties: false, minProperties: 1 },
);

export const PushAnswerSchema = Type.Object({
  camera: Type.String(),
  accepted: Type.Integer({ description: 'Pictures taken from this request.' }),
  rejected: Type.Integer({ description: 'Pictures that were no whole JPEG.' }),
  reason: Type.Optional(Type.String({ description: 'Why the last one was rejected.' })),
  readers: Type.Integer({
    description: 'Who reads the camera now; 0: nobody would miss the next.',
  }),
});

export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'urn:framehub:error:<code>' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What happened: what was expected, what came.' }),
    code: Type.String({ description: 'See docs/reference/errors.md.' }),
    help: Type.String({ description: 'What to do about it.' }),
  },
  { description: 'RFC 9457 problem details' },
);
