import { WebhookListSchema } from '../../api/webhook.ts';
import { requireAdmin } from '../access.ts';
import { problems } from '../answer-schemas.ts';
import type { App, HttpOptions } from '../http-options.ts';

/** `/api/webhooks`: what became of what was sent. */
export function webhookRoutes(app: App, { webhooks }: HttpOptions): void {
  app.get(
    '/api/webhooks',
    {
      schema: {
        tags: ['server'],
        summary: 'The webhooks and what became of their messages (admin)',
        response: { 200: WebhookListSchema, ...problems },
      },
    },
    (request) => {
      requireAdmin(request.role);
      return { webhooks: webhooks.report() };
    },
  );
}
