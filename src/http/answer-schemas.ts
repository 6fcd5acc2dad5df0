import Type, { type TSchema } from 'typebox';
import { ProblemSchema } from '../api/camera-schemas.ts';

const problem = (description: string) =>
  media(['application/problem+json'], description, ProblemSchema);

/** How any route refuses, and how it fails: RFC 9457 problem details. */
export const problems = {
  '4xx': problem('Refused: why, and what to do.'),
  '5xx': problem('It could not be done: why, and what to do.'),
};

/** An answer of these media types, for /openapi.json. Default: bytes, such as a picture's. */
export function media(
  types: readonly string[],
  description: string,
  schema: TSchema = Type.String({ format: 'binary' }),
) {
  return { description, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}
