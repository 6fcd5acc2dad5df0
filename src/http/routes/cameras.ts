import Type from 'typebox';
import {
  CameraChangeSchema,
  CameraListSchema,
  CameraSchema,
  NewCameraSchema,
} from '../../api/camera-schemas.ts';
import type { Camera } from '../../camera/camera.ts';
import { requireAdmin } from '../access.ts';
import { problems } from '../answer-schemas.ts';
import { cameraInfo } from '../camera-info.ts';
import type { App, HttpOptions } from '../http-options.ts';

const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
const tags = ['cameras'];

/** `/api/cameras`: what there is, and changing it. */
export function cameraRoutes(app: App, options: HttpOptions): void {
  const { cameras, addCamera, openSource } = options;
  app.get(
    '/api/cameras',
    { schema: { tags, summary: 'All cameras', response: { 200: CameraListSchema, ...problems } } },
    (request) => ({
      cameras: cameras.list().map((camera) => cameraInfo(camera, options, request.role)),
    }),
  );

  app.get(
    '/api/cameras/:id',
    {
      schema: { tags, summary: 'One camera', params, response: { 200: CameraSchema, ...problems } },
    },
    (request) => cameraInfo(cameras.get(request.params.id), options, request.role),
  );

  app.post(
    '/api/cameras',
    {
      schema: {
        tags,
        summary: 'Add a camera (admin)',
        description:
          'It lives until it is removed or the server stops; framehub.yaml is not changed.',
        body: NewCameraSchema,
        response: { 201: CameraSchema, ...problems },
      },
    },
    (request, reply) => {
      requireAdmin(request.role);
      const camera = addCamera(request.body);
      // Relative to this request, so that it is true behind a proxy as well.
      reply.code(201).header('Location', `cameras/${camera.id}`);
      return cameraInfo(camera, options, request.role);
    },
  );

  app.patch(
    '/api/cameras/:id',
    {
      schema: {
        tags,
        summary: 'Change a camera (admin)',
        description: 'Viewers stay connected, also when the source changes.',
        params,
        body: CameraChangeSchema,
        response: { 200: CameraSchema, ...problems },
      },
    },
    async (request) => {
      requireAdmin(request.role);
      const camera = cameras.get(request.params.id);
      const { source, name, ...times } = request.body;
      // First what can fail, so that a bad request changes nothing.
      const opened = source === undefined ? undefined : openSource(camera.id, source);
      if (name !== undefined) camera.channel.name = name;
      camera.setTimes({ ...camera.times, ...times });
      if (opened !== undefined) await camera.setSource(opened);
      return cameraInfo(camera, options, request.role);
    },
  );

  app.delete(
    '/api/cameras/:id',
    {
      schema: {
        tags,
        summary: 'Remove a camera (admin)',
        params,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      requireAdmin(request.role);
      await cameras.remove(request.params.id);
      return reply.code(204).send(null);
    },
  );

  const action = (name: 'stop' | 'start', summary: string, act: (camera: Camera) => unknown) =>
    app.post(
      `/api/cameras/:id/${name}`,
      { schema: { tags, summary, params, response: { 200: CameraSchema, ...problems } } },
      async (request) => {
        requireAdmin(request.role);
        const camera = cameras.get(request.params.id);
        await act(camera);
        return cameraInfo(camera, options, request.role);
      },
    );
  action('stop', 'Turn a camera off until it is started (admin)', (camera) => camera.stop());
  action('start', 'Let a stopped camera run again (admin)', (camera) => camera.start());
}
