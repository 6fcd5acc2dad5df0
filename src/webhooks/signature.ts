import { createHmac } from 'node:crypto';

/**
 * `t=<time>,v1=<HMAC-SHA256 of "<time>.<body>", hex>`: the time is signed too, so that an old
 * message can't be sent again.
 *
 * @param time seconds since the epoch
 */
export function sign(body: string, secret: string, time: number): string {
  const mac = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  return `t=${time},v1=${mac}`;
}
