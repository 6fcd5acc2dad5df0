import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { FramehubError, toFramehubError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { App } from './http-options.ts';
import { PROBLEM_TYPE, toProblem } from './problem.ts';

/** Every error leaves as RFC 9457 problem details; unforeseen ones are logged whole. */
export function addErrorHandling(app: App, log: Log): void {
  const answer = (reply: FastifyReply, error: FramehubError) => {
    const problem = toProblem(error);
    if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer');
    return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
  };
  app.setErrorHandler((thrown: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const error = fromFastify(thrown);
    if (error.code === 'INTERNAL') {
      log.error(
        { err: thrown, method: request.method, url: request.url.split('?')[0] },
        'request failed',
      );
    }
    return answer(reply, error);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    return answer(
      reply,
      new FramehubError('NOT_FOUND', `There is no ${request.method} ${path.slice(0, 200)} here.`),
    );
  });
}

function fromFastify(thrown: FastifyError): FramehubError {
  if (thrown instanceof FramehubError) return thrown;
  if (thrown.validation !== undefined) {
    const faults = thrown.validation.map(({ instancePath, message }) =>
      `${instancePath.slice(1).replaceAll('/', '.')} ${message ?? 'is not valid'}`.trim(),
    );
    const where = thrown.validationContext === 'querystring' ? 'query' : thrown.validationContext;
    return new FramehubError('REQUEST_INVALID', `In the ${where}: ${faults.join('; ')}.`);
  }
  if (thrown.statusCode === 413) return toFramehubError(thrown, 'BODY_TOO_LARGE');
  const status = thrown.statusCode ?? 500;
  return toFramehubError(thrown, status < 500 ? 'REQUEST_INVALID' : 'INTERNAL');
}
