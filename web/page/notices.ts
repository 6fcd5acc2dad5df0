import { h } from './dom.ts';
import { recipeCard } from './recipe-card.ts';

/** What stands in place of the cameras when there is something to do first. */
export function emptyNotice(): HTMLElement {
  return notice(
    'No cameras yet',
    'Name your cameras when you start framehub, or list them in framehub.yaml.',
    recipeCard({ title: 'A webcam', hint: 'of this machine', text: 'framehub webcam:0' }),
    recipeCard({
      title: 'A network camera',
      hint: 'called “front”',
      text: 'framehub front=rtsp://user:password@10.0.0.5/stream',
    }),
    recipeCard({ title: 'The demo', hint: 'to see how it looks', text: 'framehub demo:' }),
  );
}

export function unauthorizedNotice(): HTMLElement {
  const field = h('input', {
    name: 'token',
    type: 'password',
    autocomplete: 'current-password',
    placeholder: 'Token',
    required: true,
    'aria-label': 'Token',
  });
  // A plain form: the server takes the token from the address, as it does with the link.
  const form = h(
    'form',
    { method: 'get', action: './', className: 'token' },
    field,
    h('button', { type: 'submit' }, 'Open'),
  );
  return notice(
    'This server asks for a token',
    'Open the link framehub printed when it started, or put its token here.',
    form,
  );
}

export function awayNotice(reason: string): HTMLElement {
  return notice(
    'Server away, reconnecting…',
    reason || 'It does not answer. This page comes back by itself as soon as it does.',
  );
}

export function unknownNotice(camera: string): HTMLElement {
  return notice(
    `There is no camera “${camera}”`,
    'It may have been removed.',
    h('a', { href: '#', className: 'button' }, 'All cameras'),
  );
}

function notice(title: string, text: string, ...more: HTMLElement[]): HTMLElement {
  return h('section', { className: 'notice' }, h('h1', {}, title), h('p', {}, text), ...more);
}
