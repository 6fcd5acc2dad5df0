import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { FramehubError } from '../../errors.ts';
import type { App, HttpOptions } from '../http-options.ts';

const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'";

const HealthSchema = Type.Object({
  status: Type.Literal('ok'),
  cameras: Type.Integer({ minimum: 0 }),
});

/** The built page and player, and the server's words about itself. */
export function pageRoutes(app: App, { hub }: HttpOptions, webRoot: string): void {
  const open = { config: { open: true }, schema: { hide: true } } as const;

  for (const file of builtFiles(webRoot)) {
    if (file === 'index.html') continue;
    app.get(`/${file}`, open, (_request, reply) => {
      // The player is for any page; hashed names never change what they hold.
      reply.header('Access-Control-Allow-Origin', '*');
      const hashed = file.startsWith('assets/');
      return reply.sendFile(file, { immutable: hashed, maxAge: hashed ? '1y' : 0 });
    });
  }

  app.get('/openapi.json', { schema: { hide: true } }, () => ({
    ...app.swagger(),
    // Paths are relative to this document, so that it is true behind a proxy as well.
    servers: [{ url: './' }],
  }));

  app.get(
    '/healthz',
    {
      config: { open: true },
      schema: { tags: ['server'], summary: 'Is it up', response: { 200: HealthSchema } },
    },
    () => ({
      status: 'ok' as const,
      cameras: hub.channels().length,
    }),
  );
}

/** Answers `/`; the token of a printed link becomes a cookie and leaves the address. */
export function sendPage(
  { access }: Pick<HttpOptions, 'access'>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const folder = withoutSlash(request);
  if (folder !== undefined) return reply.redirect(folder, 303);
  const cookie = access.sessionCookie(request.raw);
  if (cookie !== undefined) {
    // Relative, so that it stays where a proxy mounts it.
    return reply.header('Set-Cookie', cookie).redirect('./', 303);
  }
  if (!('sendFile' in reply)) {
    throw new FramehubError('NOT_FOUND', 'The page is not built.', {
      help: 'Run "npm run build".',
    });
  }
  reply.header('Content-Security-Policy', POLICY).header('Referrer-Policy', 'same-origin');
  return reply.sendFile('index.html', { cacheControl: false });
}

/** Below a mount path the page's relative addresses need its slash; where to go when it is missing. */
function withoutSlash({ raw }: FastifyRequest): string | undefined {
  // Express and its kin keep what was asked for before they take the mount path away.
  const original: unknown = Reflect.get(raw, 'originalUrl');
  if (typeof original !== 'string') return undefined;
  const [path = '', query] = original.split('?');
  if (path.endsWith('/')) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return `./${name}/${query === undefined ? '' : `?${query}`}`;
}

function builtFiles(webRoot: string): string[] {
  try {
    return readdirSync(webRoot, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name).slice(webRoot.length).replaceAll('\\', '/'),
      );
  } catch {
    // Not built: `/` says so, everything else works.
    return [];
  }
}
