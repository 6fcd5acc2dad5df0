import Type, { type Static } from 'typebox';

const fraction = Type.Number({ minimum: 0, maximum: 1 });
const box = { x: fraction, y: fraction, width: fraction, height: fraction };
const time = (description: string) =>
  Type.Number({ description: `${description}, ms since the epoch.` });

const PathPointSchema = Type.Object(
  { at: time('When it was there'), ...box },
  { description: 'Where it was, in fractions of the picture.' },
);
export type PathPoint = Static<typeof PathPointSchema>;

const BestSchema = Type.Object({
  seq: Type.Integer({ description: 'The frame of the picture.' }),
  capturedAt: time('When it was captured'),
  width: Type.Integer({ description: 'Pixels.' }),
  height: Type.Integer({ description: 'Pixels.' }),
  box: Type.Object(box, { description: 'Where it is, in fractions of the picture.' }),
});
export type BestPicture = Static<typeof BestSchema>;

export const EventSchema = Type.Object({
  id: Type.String({ description: 'Later events have greater ones.' }),
  camera: Type.String(),
  label: Type.String({ description: 'What was seen.' }),
  detector: Type.String({ description: 'What saw it.' }),
  firstSeen: time('When it was first seen'),
  lastSeen: time('When it was last seen'),
  ended: Type.Boolean({
    description: 'It is no longer in view; nothing of this changes any more.',
  }),
  score: Type.Number({ description: 'The best of its scores, 0 to 1.' }),
  results: Type.Integer({ description: 'In how many results it was.' }),
  best: BestSchema,
  path: Type.Array(PathPointSchema, { description: 'Where it was, thinned to at most 64 places.' }),
});
/** Something that was seen for a while. */
export type CameraEvent = Static<typeof EventSchema>;

export const EventListSchema = Type.Object({
  events: Type.Array(EventSchema, { description: 'Newest first.' }),
  next: Type.Optional(
    Type.String({
      description: 'The "cursor" of the next page; absent on the last one.',
    }),
  ),
});

/** `updated` comes at most every two seconds for one event. */
export type EventChange = 'started' | 'updated' | 'ended';

/** What live listeners and webhooks are told. */
export interface EventNotice {
  readonly change: EventChange;
  readonly event: CameraEvent;
}

/** One of the notices of a run of the server. */
export interface NumberedNotice extends EventNotice {
  /** Names its place among them, for those who come back after a break. */
  readonly id: string;
}

const CountSchema = (description: string) => Type.Integer({ minimum: 0, description });

export const RecordingSchema = Type.Object({
  store: Type.Union([Type.Literal('empty'), Type.Literal('open'), Type.Literal('failed')], {
    description: 'empty: nothing was ever recorded. failed: see reason.',
  }),
  reason: Type.Optional(Type.String({ description: 'Why nothing can be recorded or read.' })),
  events: CountSchema('Events kept.'),
  bytes: CountSchema('Bytes of their pictures and paths.'),
  maxDays: CountSchema('Older events are removed.'),
  maxBytes: CountSchema('Beyond this the oldest are removed.'),
  removed: Type.Object(
    {
      byAge: CountSchema('For their age.'),
      bySize: CountSchema('To make room.'),
    },
    { description: 'Events removed since the server started.' },
  ),
  cameras: Type.Array(
    Type.Object({
      id: Type.String(),
      inView: CountSchema('Things in view now.'),
      recorded: CountSchema('Events begun since the server started.'),
      withoutPicture: CountSchema('Results whose frame was gone before they came.'),
      dropped: CountSchema('Things left out because too many were in view.'),
    }),
    { description: 'Those that are recorded.' },
  ),
});
export type RecordingReport = Static<typeof RecordingSchema>;
