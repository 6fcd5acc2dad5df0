import Type, { type Static } from 'typebox';

const fraction = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const time = (description: string) =>
  Type.Number({ description: `${description}, ms since the epoch` });

const BoxSchema = Type.Object(
  {
    x: fraction('Of its left edge.'),
    y: fraction('Of its upper edge.'),
    width: fraction('Of the picture.'),
    height: fraction('Of the picture.'),
  },
  { description: 'Where it is, in fractions of the picture from its upper left corner.' },
);

const FoundSchema = {
  label: Type.String({ minLength: 1, maxLength: 64, description: 'What it is.' }),
  score: fraction('How sure the detector is.'),
  box: BoxSchema,
};

const DetectionSchema = Type.Object({
  ...FoundSchema,
  trackId: Type.Optional(
    Type.Integer({ description: 'The same thing has the same number while it is in view.' }),
  ),
  zones: Type.Optional(
    Type.Array(Type.String(), { description: 'Zones of the camera it stands in.' }),
  ),
});

/** The same as DetectionResult, for the wire. */
export const DetectionResultSchema = Type.Object({
  camera: Type.String({ description: 'The id of the camera.' }),
  seq: Type.Integer({ description: 'The frame it was found in.' }),
  capturedAt: time('When that frame was captured'),
  width: Type.Integer({ description: 'Of that frame, pixels.' }),
  height: Type.Integer({ description: 'Of that frame, pixels.' }),
  detector: Type.String({ description: 'Who looked at it.' }),
  inferenceMs: Type.Number({ description: 'How long that took, ms.' }),
  detections: Type.Array(DetectionSchema, { description: 'Nothing found is a result too.' }),
  skipped: Type.Optional(
    Type.Integer({ description: 'Results left out right before it: the client was slow.' }),
  ),
});

/** What was found elsewhere, as it is sent to us. */
export const FoundElsewhereSchema = Type.Object(
  {
    detector: Type.String({ minLength: 1, maxLength: 64, description: 'Who looked at it.' }),
    seq: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'The frame, by its number (X-Frame-Id). This or capturedAt, or both.',
      }),
    ),
    capturedAt: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1e14,
        description: 'The frame, by its capture time, ms since the epoch.',
      }),
    ),
    inferenceMs: Type.Optional(
      Type.Number({ minimum: 0, maximum: 3_600_000, description: 'How long that took, ms.' }),
    ),
    detections: Type.Array(Type.Object(FoundSchema, { additionalProperties: false }), {
      maxItems: 100,
      description: 'Empty: nothing was found.',
    }),
  },
  { additionalProperties: false },
);
export type FoundElsewhere = Static<typeof FoundElsewhereSchema>;

export const FoundAnswerSchema = Type.Object({
  camera: Type.String(),
  accepted: Type.Integer({ description: 'Results that were taken.' }),
  rejected: Type.Integer({ description: 'Results that were not.' }),
  reasons: Type.Array(
    Type.Object({
      index: Type.Integer({ description: 'Which one of the request, counted from 0.' }),
      code: Type.String({ description: 'See docs/reference/errors.md.' }),
      detail: Type.String({ description: 'What was expected, what came.' }),
    }),
    { description: 'Why they were not, of the first ten of them.' },
  ),
  wanted: Type.Integer({ description: 'How many want results now.' }),
});
export type FoundAnswer = Static<typeof FoundAnswerSchema>;
export type Rejection = FoundAnswer['reasons'][number];
